using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when every part does; they are asked from left to right, until one does not.</summary>
internal sealed class AllCondition(Condition left, Condition right) : Condition
{
    private readonly Condition[] _parts = [.. PartsOf(left), .. PartsOf(right)];

    public override bool Holds(HttpExchange exchange)
    {
        foreach (var part in _parts)
        {
            if (!part.Holds(exchange))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => string.Join(" and ", _parts.Select(part => part.ToInnerString()));

    internal override IReadOnlyList<RouteKey> Keys() =>
        _parts.Select(part => part.Keys()).Aggregate(RouteKey.Unbounded, RouteKey.Both);

    internal override string ToInnerString() => $"({this})";

    private static Condition[] PartsOf(Condition condition) => condition is AllCondition all ? all._parts : [condition];
}

using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when at least one part does; they are asked from left to right, until one does.</summary>
internal sealed class AnyCondition(Condition left, Condition right) : Condition
{
    private readonly Condition[] _parts = [.. PartsOf(left), .. PartsOf(right)];

    public override bool Holds(HttpExchange exchange)
    {
        foreach (var part in _parts)
        {
            if (part.Holds(exchange))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => string.Join(" or ", _parts.Select(part => part.ToInnerString()));

    internal override IReadOnlyList<RouteKey> Keys() => RouteKey.Either(_parts.Select(part => part.Keys()));

    internal override string ToInnerString() => $"({this})";

    private static Condition[] PartsOf(Condition condition) => condition is AnyCondition any ? any._parts : [condition];
}

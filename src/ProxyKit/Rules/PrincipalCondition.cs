using System.Text;
using ProxyKit.Http;
using ProxyKit.Identities;

namespace ProxyKit.Rules;

/// <summary>Holds for clients of whom something is claimed.</summary>
/// <param name="what">What it is, for messages.</param>
/// <param name="path">The claim; null for the scopes.</param>
/// <param name="values">The values of which it has to have one; none for any at all.</param>
internal sealed class PrincipalCondition(string what, ClaimPath? path, string[] values) : ExchangeCondition
{
    private readonly byte[][] _values = [.. values.Select(Encoding.UTF8.GetBytes)];

    public override bool Holds(HttpExchange exchange)
    {
        if (exchange.Principal is not { } principal)
        {
            return false;
        }

        if (_values.Length == 0)
        {
            return path is not null && path.TryFind(principal.Claims, out var kind, out _) && kind != JsonKind.Null;
        }

        foreach (var value in _values)
        {
            if (path is null ? principal.HasScope(value) : ClaimWords.Contains(principal.Claims, path, value))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => values.Length == 0 ? $"{what} is there" : $"{what} has {OneOf.Text(values)}";
}

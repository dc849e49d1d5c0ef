using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds for requests whose path, as it came, matches a pattern.</summary>
internal sealed class PathCondition(BytePattern pattern) : ExchangeCondition
{
    public override bool Holds(HttpExchange exchange) => pattern.Matches(exchange.Request.PathBytes);

    public override IEnumerable<string> Subject(HttpExchange exchange) => [exchange.Request.Path];

    public override string ToString() => $"path {pattern}";

    internal override IReadOnlyList<RouteKey> Keys() => pattern.Key is { } key ? [new(null, key)] : RouteKey.Unbounded;
}

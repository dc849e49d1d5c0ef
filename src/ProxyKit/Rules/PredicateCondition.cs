using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when a predicate, the user's or ours, says so.</summary>
internal sealed class PredicateCondition(string name, Func<HttpExchange, bool> predicate) : ExchangeCondition
{
    public override bool Holds(HttpExchange exchange) => predicate(exchange);

    public override string ToString() => name;
}

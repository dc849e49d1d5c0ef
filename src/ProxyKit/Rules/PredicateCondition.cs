using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when a predicate, the user's or ours, says so.</summary>
/// <param name="name">What it is called.</param>
/// <param name="predicate">The predicate.</param>
/// <param name="holdsWithout">What it says where there is no exchange to show it.</param>
internal sealed class PredicateCondition(string name, Func<HttpExchange, bool> predicate, bool holdsWithout = false) : ExchangeCondition
{
    public override bool Holds(HttpExchange exchange) => predicate(exchange);

    public override string ToString() => name;

    private protected override bool HoldsWithout(RuleContext context) => holdsWithout;
}

using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>A condition about a request, which does not hold where there is none.</summary>
internal abstract class ExchangeCondition : Condition
{
    /// <summary>Whether it holds for an exchange, its request's head received.</summary>
    public abstract bool Holds(HttpExchange exchange);

    /// <summary>What it looks at of an exchange, to explain the answer; nothing for code of users.</summary>
    public virtual IEnumerable<string> Subject(HttpExchange exchange) => [];

    /// <summary>Whether it holds where there is no exchange: of a new connection, and in TCP mode.</summary>
    private protected virtual bool HoldsWithout(RuleContext context) => false;

    internal sealed override Truth Evaluate(RuleContext context) =>
        (context.Exchange is { } exchange ? Holds(exchange) : HoldsWithout(context)) ? Truth.True : Truth.False;
}

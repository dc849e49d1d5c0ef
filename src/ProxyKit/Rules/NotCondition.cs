using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when another condition does not.</summary>
internal sealed class NotCondition(Condition inner) : Condition
{
    public Condition Inner => inner;

    public override bool Holds(HttpExchange exchange) => !inner.Holds(exchange);

    public override string ToString() => "not " + inner.ToInnerString();
}

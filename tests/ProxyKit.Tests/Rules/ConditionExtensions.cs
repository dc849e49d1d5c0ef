using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

/// <summary>Asks conditions about an exchange, as the data path does.</summary>
internal static class ConditionExtensions
{
    public static bool Holds(this Condition condition, TestExchange exchange) => condition.Evaluate(exchange.Context) == Truth.True;

    public static int Find(this RouteTable routes, TestExchange exchange) => routes.Find(exchange.Context);
}

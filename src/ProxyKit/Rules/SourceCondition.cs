using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds for clients whose address is in one of some networks; never for a client on a unix socket.</summary>
internal sealed class SourceCondition(string[] networks, AddressRanges ranges) : ExchangeCondition
{
    public override bool Holds(HttpExchange exchange) => exchange.ClientAddress is { } address && ranges.Contains(address);

    private protected override bool HoldsWithout(RuleContext context) => context.Source is { } address && ranges.Contains(address);

    public override IEnumerable<string> Subject(HttpExchange exchange) => exchange.ClientAddress is { } address ? [address.ToString()] : [];

    public override string ToString() => "source is in " + OneOf.Text(networks);
}

using ProxyKit.Billing;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering;

/// <summary>What docs/metering.md says, held against the code.</summary>
public sealed class MeteringDocumentTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "metering.md"));

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_setting_of_the_journal_is_on_the_page() => Assert.All(
        typeof(UsageJournalOptions).GetProperties(), static property => Assert.Contains($"`{property.Name}`", Page, StringComparison.Ordinal));

    [Fact]
    public async Task The_examples_are_compiled_here()
    {
        var proxy = new ProxyBuilder();
        proxy.AddFrontend("public", frontend => frontend
            .Bind("127.0.0.1:0")
            .Authenticate(jwt => jwt.OpenId("https://id.example/").Audience("https://api.example/")));
        proxy.AddMetering(m => m
            .Journal("/var/lib/gateway/usage")
            .CountBy(Value.Claim("sub"))
            .TierBy(Value.Parse("tier"))
            .Durability(Durability.BeforeResponse)
            .Meter("tokens", Value.Parse("res.hdr(x-tokens)")));
        Assert.Empty(Proxy.Check(proxy.Build()));

        var invoice = await ChargeAsync(_folder.Root);

        Assert.Equal("gold", invoice.Plan);
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Metering", "MeteringDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(static line => line.Trim()));
        Assert.All(
            Page.Split("```csharp\n").Skip(1).Select(static part => part.Split("```")[0]),
            example => Assert.Contains(string.Join('\n', example.Trim().Split('\n').Select(static line => line.Trim())), compiled, StringComparison.Ordinal));
    }

    private static async Task<Invoice> ChargeAsync(string directory)
    {
        await using var journal = UsageJournal.Open(directory);
        await journal.AppendAsync(new UsageEvent
        {
            Id = UsageEvent.IdOf("refund-4711"),
            Time = DateTimeOffset.UtcNow,
            Client = "acme",
            Outcome = UsageOutcome.Adjustment,
            Meters = [new MeterValue("tokens", -500)],
        });
        var cursor = journal.OpenCursor("warehouse");
        var events = cursor.Read(cursor.Position, most: 1_000);
        // ... keep them together with events.Next ...
        cursor.MoveTo(events.Next);
        IUsageStore store = journal;
        var gold = new PricePlan { Name = "gold", FlatFee = 49m, Minimum = 60m };
        gold.Prices.Add(new MeterPrice { Meter = UsageMeters.Requests, Included = 100_000, UnitPrice = 0.40m, PerUnits = 1_000 });
        gold.Prices.Add(new MeterPrice
        {
            Meter = "tokens",
            Model = PriceModel.Graduated,
            Bands = { new PriceBand(1_000_000, 0.000_02m), new PriceBand(null, 0.000_01m) },
        });
        var invoice = await new Invoicer().CreateAsync(store, new Subscription("acme", gold), BillingPeriod.Month(2026, 11));
        return invoice;
    }
}

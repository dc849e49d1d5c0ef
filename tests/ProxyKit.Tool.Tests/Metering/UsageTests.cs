using System.Text.Json;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Tool.Tests.Metering;

public sealed class UsageTests : IDisposable
{
    private const string Prices =
        """
        {
            "plans": [ { "name": "gold", "flatFee": 49, "prices": [ { "meter": "requests", "included": 2, "unitPrice": 0.4 } ] } ],
            "subscriptions": [ { "client": "acme", "plan": "gold" }, { "client": "zeta", "plan": "gold" } ]
        }
        """;

    private readonly ConfigurationFolder _folder = new();

    private string Journal => _folder.PathOf("usage");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_tells_what_each_client_used()
    {
        await WriteAsync();

        var (exitCode, output, errors) = await ToolProcess.RunAsync("usage", "report", Journal, "--month", "2026-10", "--csv");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            ["from,client,tier,meter,quantity,corrects", "2026-10-01T00:00Z,acme,gold,requests,5,", "2026-10-01T00:00Z,zeta,gold,refused,1,"],
            output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Report_of_one_client_by_day_is_a_table_or_json()
    {
        await WriteAsync();

        var (_, table, _) = await ToolProcess.RunAsync("usage", "report", Journal, "--client", "zeta", "--by", "day");
        var (_, json, _) = await ToolProcess.RunAsync("usage", "report", Journal, "--client", "zeta", "--by", "day", "--json");

        Assert.Equal(
            "FROM               CLIENT  TIER  METER    QUANTITY  CORRECTS\n2026-10-05T00:00Z  zeta    gold  refused         1\n", table.ReplaceLineEndings("\n"));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(1, Assert.Single(document.RootElement.EnumerateArray()).GetProperty("quantity").GetInt64());
    }

    [Fact]
    public async Task Invoice_is_a_draft_until_its_month_is_closed()
    {
        await WriteAsync();
        var prices = _folder.Write(Prices, "prices.json");

        var (exitCode, draft, errors) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--client", "acme");
        var (_, closed, _) = await ToolProcess.RunAsync("usage", "close", Journal, "--month", "2026-10");
        var (_, final, _) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--client", "acme");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            """
            acme, gold, 2026-10-01 to 2026-10-31 (draft: not closed)
                                QUANTITY  PRICE  AMOUNT
            gold                       1     49  49.00
            requests, included         2         0
            requests                   3    0.4  1.20
            total                                50.20 EUR

            """.ReplaceLineEndings("\n"),
            draft.ReplaceLineEndings("\n"));
        Assert.Equal("closed until 2026-11-01 00:00 UTC\n", closed.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("draft", final, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoices_for_programs_are_json_or_csv()
    {
        await WriteAsync();
        var prices = _folder.Write(Prices, "prices.json");

        var (_, json, _) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--json");
        var (_, csv, _) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--csv");

        using var document = JsonDocument.Parse(json);
        Assert.Equal([50.20m, 49.00m], document.RootElement.EnumerateArray().Select(static i => i.GetProperty("total").GetDecimal()));
        Assert.Equal(2, csv.Split(",total,").Length - 1);
    }

    [Theory]
    [InlineData("'usage' expects 'report', 'invoice' or 'close'.", "usage")]
    [InlineData("'usage' expects the directory of a journal, or '--postgres <connection>'.", "usage", "report")]
    [InlineData("'usage' reads a journal or a database, not both.", "usage", "report", "j", "--postgres", "Host=db")]
    [InlineData("'--schema' expects '--postgres' beside it.", "usage", "report", "j", "--schema", "other")]
    [InlineData("postgresql > the connection string cannot be read", "usage", "report", "--postgres", "nonsense")]
    [InlineData("postgresql > Schema: 'A' is no name of a schema", "usage", "report", "--postgres", "Host=db", "--schema", "A")]
    [InlineData("'usage invoice' expects '--month <yyyy-mm>'.", "usage", "invoice", "j")]
    [InlineData("'usage invoice' expects '--prices <file>'.", "usage", "invoice", "j", "--month", "2026-10")]
    [InlineData("'--month' expects a month, as in 2026-11; got 'May'.", "usage", "close", "j", "--month", "May")]
    [InlineData("'usage close' has no flag '--client'.", "usage", "close", "j", "--client", "a")]
    [InlineData("'--zone': there is no time zone 'Nowhere'.", "usage", "report", "j", "--zone", "Nowhere")]
    [InlineData("there is no journal '/nowhere/at/all'.", "usage", "report", "/nowhere/at/all")]
    public async Task Words_that_cannot_be_understood_are_told(string fault, params string[] words)
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync(words);

        Assert.Equal(1, exitCode);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    private async Task WriteAsync()
    {
        await using var journal = UsageJournal.Open(Journal);
        var time = new DateTimeOffset(2026, 10, 5, 10, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 6; i++)
        {
            await journal.AppendAsync(
                new UsageEvent
                {
                    Id = UsageEvent.IdOf($"{i}"),
                    Time = time,
                    Client = i < 5 ? "acme" : "zeta",
                    Tier = "gold",
                    Outcome = i < 5 ? UsageOutcome.Served : UsageOutcome.Refused,
                },
                TestContext.Current.CancellationToken);
        }
    }
}

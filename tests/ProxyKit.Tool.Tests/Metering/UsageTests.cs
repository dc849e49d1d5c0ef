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

    private static readonly DateTimeOffset November = new(2026, 11, 10, 0, 0, 0, TimeSpan.Zero);

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
    public async Task Invoice_for_a_client_without_a_subscription_is_refused()
    {
        await WriteAsync();

        var (exitCode, output, errors) = await ToolProcess.RunAsync(
            "usage", "invoice", Journal, "--month", "2026-10", "--prices", _folder.Write(Prices, "prices.json"), "--client", "acmee");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("prices.json' has no subscription of 'acmee'; did you mean 'acme' maybe ?.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "no invoice for 'other00': usage in 2026-10, but no subscription for it.")]
    [InlineData(12, "'other08', 'other09' and 2 more: usage in 2026-10, but no subscription for it.")]
    public async Task Clients_that_used_a_month_without_a_subscription_are_named(int count, string notice)
    {
        await WriteAsync();
        await using (var journal = UsageJournal.Open(Journal))
        {
            for (var i = 0; i < count; i++)
            {
                await journal.AppendAsync(Event($"other {i}", $"other{i:00}"), TestContext.Current.CancellationToken);
            }
        }

        string[] invoice = ["usage", "invoice", Journal, "--prices", _folder.Write(Prices, "prices.json"), "--month"];
        var (exitCode, output, errors) = await ToolProcess.RunAsync([.. invoice, "2026-10"]);
        var (_, _, ofOne) = await ToolProcess.RunAsync([.. invoice, "2026-10", "--client", "acme"]);
        var (_, _, ofAnother) = await ToolProcess.RunAsync([.. invoice, "2026-09"]);

        Assert.Equal((0, "", ""), (exitCode, ofOne, ofAnother));
        Assert.Contains(notice, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("other", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_whose_subscription_is_for_other_months_is_named()
    {
        await WriteAsync();
        const string Later =
            """{ "plans": [ { "name": "gold", "flatFee": 49 } ], "subscriptions": [ { "client": "acme", "plan": "gold", "from": "2026-11-01" }, { "client": "zeta", "plan": "gold" } ] }""";

        var (exitCode, _, errors) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", _folder.Write(Later, "prices.json"));

        Assert.Equal(0, exitCode);
        Assert.Contains("no invoice for 'acme': usage in 2026-10, but no subscription for it.", errors, StringComparison.Ordinal);
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
    [InlineData("'usage' expects 'report', 'events', 'invoice' or 'close'.", "usage")]
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
    [InlineData("'--json' and '--csv' are two forms: one of them.", "usage", "report", "j", "--json", "--csv")]
    [InlineData("'--month' says which days already: without '--from' and '--until'.", "usage", "report", "j", "--month", "2026-10", "--from", "2026-10-05")]
    [InlineData("'--until': 2026-10-04 is not behind '--from', 2026-10-05.", "usage", "report", "j", "--from", "2026-10-05", "--until", "2026-10-04")]
    [InlineData("'--zone' says whose days are meant", "usage", "report", "j", "--zone", "Europe/Berlin")]
    [InlineData("'--zone': 2026-10-01 begins at 18:30 UTC there, and usage is kept by the hour of UTC.", "usage", "report", ".", "--zone", "Asia/Kolkata", "--month", "2026-10")]
    [InlineData("'--number' expects what ends in a digit, to be counted on; got 'A'.", "usage", "invoice", "j", "--number", "A")]
    [InlineData("'--month' is there twice.", "usage", "close", "j", "--month", "2026-10", "--month", "2026-11")]
    [InlineData("'--client' is there twice.", "usage", "report", "j", "--client", "acme", "--client", "zeta")]
    [InlineData("'--prices' is there twice.", "usage", "invoice", "j", "--month", "2026-10", "--prices", "a", "--prices", "b")]
    [InlineData("'--number' is there twice.", "usage", "invoice", "j", "--month", "2026-10", "--prices", "a", "--number", "1", "--number", "2")]
    [InlineData("'--postgres' is there twice.", "usage", "report", "--postgres", "Host=a", "--postgres", "Host=b")]
    [InlineData("'--month': 9000-01 is not over.", "usage", "close", ".", "--month", "9000-01")]
    public async Task Words_that_cannot_be_understood_are_told(string fault, params string[] words)
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync(words);

        Assert.Equal(1, exitCode);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_told_behind_the_verb_too()
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("usage", "invoice", "--help");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("--accept-damage", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line 1, plans[0].fee: there is no 'fee'.", """{ "plans": [ { "name": "gold", "fee": 49 } ] }""")]
    [InlineData("line 1, plans[0].prices[0]: it lacks 'meter'.", """{ "plans": [ { "name": "gold", "prices": [ { "unitPrice": 1 } ] } ] }""")]
    [InlineData("line 1, plans[0].flatFee: that is no value it may have.", """{ "plans": [ { "name": "gold", "flatFee": "much" } ] }""")]
    [InlineData(
        "subscription of \"acme\" to \"gold\": it is there twice for the same days",
        """{ "plans": [ { "name": "gold" } ], "subscriptions": [ { "client": "acme", "plan": "gold", "until": "2026-10-05" }, { "client": "acme", "plan": "gold", "from": "2026-10-04" } ] }""")]
    public async Task Prices_that_cannot_be_charged_are_told_in_words_of_the_file(string fault, string prices)
    {
        await WriteAsync();

        var (exitCode, _, errors) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", _folder.Write(prices, "prices.json"));

        Assert.Equal(1, exitCode);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoices_of_a_closed_month_are_numbered_one_behind_the_other()
    {
        await WriteAsync();
        var prices = _folder.Write(Prices, "prices.json");

        var (refused, _, errors) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--number", "R-099");
        await ToolProcess.RunAsync("usage", "close", Journal, "--month", "2026-10");
        var (_, json, _) = await ToolProcess.RunAsync("usage", "invoice", Journal, "--month", "2026-10", "--prices", prices, "--json", "--number", "R-099");

        Assert.Equal(1, refused);
        Assert.Contains("'--number': 2026-10 is not closed, and drafts have no numbers.", errors, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(["R-099", "R-100"], document.RootElement.EnumerateArray().Select(static i => i.GetProperty("number").GetString()));
    }

    [Fact]
    public async Task Report_of_a_damaged_journal_says_where_and_ends_with_1_unless_that_is_accepted()
    {
        await WriteAsync();
        var file = Damage();

        var (exitCode, output, errors) = await ToolProcess.RunAsync("usage", "report", Journal, "--csv");
        var (accepted, _, told) = await ToolProcess.RunAsync("usage", "report", Journal, "--csv", "--accept-damage");

        Assert.Equal((1, 0), (exitCode, accepted));
        Assert.Contains("acme,gold,requests,4,", output, StringComparison.Ordinal);
        Assert.All([errors, told], text => Assert.Matches($"the journal is damaged: {System.Text.RegularExpressions.Regex.Escape(file)}: [0-9]+ bytes at byte [0-9]+ cannot be read", text));
    }

    [Fact]
    public async Task Damaged_journal_is_neither_charged_nor_closed_unless_that_is_accepted()
    {
        await WriteAsync();
        Damage();
        string[] invoice = ["usage", "invoice", Journal, "--month", "2026-10", "--prices", _folder.Write(Prices, "prices.json")], close = ["usage", "close", Journal, "--month", "2026-10"];

        var (notCharged, nothing, errors) = await ToolProcess.RunAsync(invoice);
        var (notClosed, _, _) = await ToolProcess.RunAsync(close);
        var closedUntil = UsageJournal.ReadClosedUntil(Journal);
        var (closed, _, _) = await ToolProcess.RunAsync([.. close, "--accept-damage"]);
        var (charged, final, _) = await ToolProcess.RunAsync([.. invoice, "--accept-damage"]);

        Assert.Equal((1, 1, 0, 0), (notCharged, notClosed, closed, charged));
        Assert.Equal("", nothing);
        Assert.Contains("no invoice is made of a damaged journal", errors, StringComparison.Ordinal);
        Assert.Null(closedUntil);
        Assert.Contains("49.80 EUR", final, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_listed_one_by_one_by_client_and_day()
    {
        await WriteAsync();

        var (exitCode, lines, errors) = await ToolProcess.RunAsync("usage", "events", Journal, "--client", "zeta", "--from", "2026-10-05", "--until", "2026-10-06");
        var (_, none, _) = await ToolProcess.RunAsync("usage", "events", Journal, "--until", "2026-10-05");
        var (_, csv, _) = await ToolProcess.RunAsync("usage", "events", Journal, "--csv");

        Assert.Equal((0, "", ""), (exitCode, errors, none));
        Assert.Equal($"2026-10-05T10:00:00.000Z {UsageEvent.IdOf("5")} refused 429 zeta gold public \"GET /api/*\" - 0 0\n", lines);
        var rows = csv.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((7, "time,id,client,tier,frontend,backend,outcome,status,bytes_in,bytes_out,meters,route"), (rows.Length, rows[0]));
        Assert.Contains($"2026-10-05T10:00:00.000Z,{UsageEvent.IdOf("0")},acme,gold,public,web,served,200,0,0,,GET /api/*", rows);
    }

    [Fact]
    public async Task Names_of_several_words_stand_in_quotes_and_their_own_quotes_are_told_apart()
    {
        await WriteAsync();
        await using (var journal = UsageJournal.Open(Journal))
        {
            await journal.AppendAsync(Event("quoted", "a \"b\" \\c") with { Tier = "-" }, TestContext.Current.CancellationToken);
        }

        var (_, lines, _) = await ToolProcess.RunAsync("usage", "events", Journal);

        Assert.EndsWith(" \"a \\x22b\\x22 \\x5cc\" \"-\" public \"GET /api/*\" web 0 0\n", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_for_programs_are_an_array_of_JSON()
    {
        await WriteAsync();
        await using (var journal = UsageJournal.Open(Journal))
        {
            await journal.AppendAsync(Event("tokens", "acme") with { BytesOut = 70, Meters = [new("tokens", 3), new("pages", -1)] }, TestContext.Current.CancellationToken);
        }

        var (_, json, _) = await ToolProcess.RunAsync("usage", "events", Journal, "--json");
        var (_, none, _) = await ToolProcess.RunAsync("usage", "events", Journal, "--json", "--client", "nobody");

        using var events = JsonDocument.Parse(json);
        using var empty = JsonDocument.Parse(none);
        Assert.Equal((7, 0), (events.RootElement.GetArrayLength(), empty.RootElement.GetArrayLength()));
        Assert.Equal(
            $$$"""{"time":"2026-10-05T10:00:00.000Z","id":"{{{UsageEvent.IdOf("tokens")}}}","client":"acme","tier":"gold","frontend":"public","route":"GET /api/*","backend":"web","outcome":"served","status":200,"bytesIn":0,"bytesOut":70,"meters":{"tokens":3,"pages":-1}}""",
            events.RootElement[6].GetRawText());
    }

    [Theory]
    [InlineData("Host=nohost.invalid;Username=u")] // RFC 6761 section 6.4: nobody has it
    [InlineData("Host=127.0.0.1;Port=1;Username=u")]
    public async Task Database_that_cannot_be_reached_is_told_in_one_line(string connection)
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("usage", "report", "--postgres", connection);

        Assert.Equal(1, exitCode);
        Assert.Contains(" : usage : ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_a_damaged_journal_are_told_to_lack_some()
    {
        await WriteAsync();
        Damage();

        var (exitCode, output, errors) = await ToolProcess.RunAsync("usage", "events", Journal, "--csv");

        Assert.Equal((1, 6), (exitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("the journal is damaged", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_are_summed_up_are_told_to_be_gone()
    {
        await WriteAsync();
        await using (var journal = UsageJournal.Open(Journal, new UsageJournalOptions { CompactAfter = TimeSpan.Zero }, timeProvider: new ManualTimeProvider(November.AddYears(20))))
        {
            await journal.RotateAsync();
            await journal.CompactAsync();
        }

        var (exitCode, output, errors) = await ToolProcess.RunAsync("usage", "events", Journal);

        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("its single events are gone", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoice_charges_what_came_late_by_what_it_adds_to_its_own_month()
    {
        await WriteAsync();
        await using (var journal = UsageJournal.Open(Journal, timeProvider: new ManualTimeProvider(November)))
        {
            await journal.ClosePeriodAsync(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
            await journal.AppendAsync(Event("late", "acme"), TestContext.Current.CancellationToken);
            await journal.AppendAsync(Event("late of zeta", "zeta"), TestContext.Current.CancellationToken);
        }

        var (exitCode, json, errors) = await ToolProcess.RunAsync(
            "usage", "invoice", Journal, "--month", "2026-11", "--prices", _folder.Write(Prices, "prices.json"), "--json");

        Assert.Equal((0, ""), (exitCode, errors));
        using var document = JsonDocument.Parse(json);
        Assert.Equal([49.40m, 49.00m], document.RootElement.EnumerateArray().Select(static i => i.GetProperty("total").GetDecimal())); // acme's two included ones were used up
        var line = document.RootElement[0].GetProperty("lines")[1];
        Assert.Equal(("correction", "2026-10-01"), (line.GetProperty("kind").GetString(), line.GetProperty("corrects").GetString()));
    }

    /// <summary>Changes a byte in the block of the second event.</summary>
    private string Damage()
    {
        var file = Directory.GetFiles(Journal, "events-*").Single();
        var bytes = File.ReadAllBytes(file);
        var second = bytes.AsSpan().IndexOf("acme"u8);
        second += 4 + bytes.AsSpan(second + 4).IndexOf("acme"u8);
        bytes[second] ^= 1;
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private async Task WriteAsync()
    {
        await using var journal = UsageJournal.Open(Journal);
        for (var i = 0; i < 6; i++)
        {
            await journal.AppendAsync(
                i < 5 ? Event($"{i}", "acme") : Event($"{i}", "zeta") with { Outcome = UsageOutcome.Refused, Status = 429, Backend = "" },
                TestContext.Current.CancellationToken);
        }
    }

    private static UsageEvent Event(string id, string client) => new()
    {
        Id = UsageEvent.IdOf(id),
        Time = new DateTimeOffset(2026, 10, 5, 10, 0, 0, TimeSpan.Zero),
        Client = client,
        Tier = "gold",
        Frontend = "public",
        Route = "GET /api/*",
        Backend = "web",
        Outcome = UsageOutcome.Served,
        Status = 200,
    };
}

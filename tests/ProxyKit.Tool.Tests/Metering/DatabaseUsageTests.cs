using System.Globalization;
using System.Text.Json;
using Npgsql;
using ProxyKit.Metering;
using ProxyKit.PostgreSql;
using ProxyKit.PostgreSql.Tests.Servers;

namespace ProxyKit.Tool.Tests.Metering;

/// <summary><c>proxykit usage --postgres</c> against a server that runs.</summary>
public sealed class DatabaseUsageTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Prices =
        """
        {
            "plans": [ { "name": "gold", "flatFee": 49, "prices": [ { "meter": "requests", "included": 2, "unitPrice": 0.4 } ] } ],
            "subscriptions": [ { "client": "acme", "plan": "gold" } ]
        }
        """;

    private readonly ConfigurationFolder _folder = new();
    private readonly string _schema = PostgresServer.NewSchema();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_tells_what_clients_of_all_gateways_used()
    {
        await WriteAsync();

        var (exitCode, output, errors) = await RunAsync("report", "--month", "2026-10", "--csv");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            ["from,client,tier,meter,quantity,corrects", "2026-10-01T00:00Z,acme,gold,requests,5,", "2026-10-01T00:00Z,zeta,gold,refused,1,"],
            output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Report_of_one_client_by_day_is_json()
    {
        await WriteAsync();

        var (_, json, _) = await RunAsync("report", "--client", "zeta", "--by", "day", "--json");

        using var document = JsonDocument.Parse(json);
        var row = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal(("2026-10-05T00:00Z", 1), (row.GetProperty("from").GetString(), row.GetProperty("quantity").GetInt64()));
    }

    [Fact]
    public async Task Invoice_is_a_draft_until_the_month_is_closed_for_all_gateways()
    {
        await WriteAsync();
        var prices = _folder.Write(Prices, "prices.json");

        var (exitCode, draft, errors) = await RunAsync("invoice", "--month", "2026-10", "--prices", prices);
        var (_, closed, _) = await RunAsync("close", "--month", "2026-10");
        var (_, final, _) = await RunAsync("invoice", "--month", "2026-10", "--prices", prices);

        Assert.Equal(0, exitCode);
        Assert.Contains("no invoice for 'zeta': usage in 2026-10, but no subscription for it.", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("(draft: not closed)", draft, StringComparison.Ordinal);
        Assert.Contains("50.20 EUR", draft, StringComparison.Ordinal);
        Assert.Equal("closed until 2026-11-01 00:00 UTC\n", closed.ReplaceLineEndings("\n"));
        Assert.Equal(draft.Replace(" (draft: not closed)", "", StringComparison.Ordinal), final);
    }

    [Fact]
    public async Task Tables_that_are_not_there_are_told_and_not_made()
    {
        PostgresPrograms.Need();

        var (exitCode, _, errors) = await RunAsync("report");

        Assert.Equal(1, exitCode);
        Assert.Contains($"schema {_schema}, are of version 0", errors, StringComparison.Ordinal);
        Assert.False(await server.AskAsync<bool>($"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{_schema}')"));
    }

    [Fact]
    public async Task Journal_that_was_brought_with_damage_makes_no_invoice_unless_that_is_accepted()
    {
        await WriteAsync();
        await server.AskAsync<int>(
            $"WITH added AS (INSERT INTO {_schema}.usage_damage VALUES ('{Guid.NewGuid()}', 'events-1: 40 bytes at byte 32 cannot be read', 'gw1', now()) RETURNING 1) SELECT count(*)::int FROM added");
        string[] words = ["--month", "2026-10", "--prices", _folder.Write(Prices, "prices.json")];

        var (refused, _, errors) = await RunAsync("invoice", words);
        var (accepted, invoice, _) = await RunAsync("invoice", [.. words, "--accept-damage"]);

        Assert.Equal((1, 0), (refused, accepted));
        Assert.Contains("a journal is damaged: gateway gw1: events-1: 40 bytes at byte 32 cannot be read", errors, StringComparison.Ordinal);
        Assert.Contains("50.20 EUR", invoice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_listed_where_they_are_kept()
    {
        await WriteAsync();
        var (_, nothing, told) = await RunAsync("events");
        await using (var gateway = new PostgreSqlGateway(server.ConnectionString, o => (o.Schema, o.KeepEventsFor) = (_schema, TimeSpan.FromDays(400))))
        {
            await gateway.Usage.WriteAsync([Event("kept", "acme", UsageOutcome.Served)], TestContext.Current.CancellationToken);
        }

        var (exitCode, lines, errors) = await RunAsync("events", "--client", "acme", "--month", "2026-10");

        Assert.Equal("", nothing);
        Assert.Contains("where a gateway was told to keep them", told, StringComparison.Ordinal);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal($"2026-10-05T10:30:00.000Z {UsageEvent.IdOf("kept")} served 0 acme gold - - - 0 0\n", lines);
    }

    [Fact]
    public async Task Password_that_is_wrong_is_told_without_it()
    {
        PostgresPrograms.Need();
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "qwertz4711" }.ConnectionString;

        var (exitCode, _, errors) = await ToolProcess.RunAsync("usage", "report", "--postgres", connection);

        Assert.Equal(1, exitCode);
        Assert.Contains("password authentication failed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("qwertz4711", errors, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string task, params string[] words) =>
        ToolProcess.RunAsync(["usage", task, "--postgres", server.ConnectionString, "--schema", _schema, .. words]);

    /// <summary>Five requests of one client in October, at two gateways, and one that was refused of another's.</summary>
    private async Task WriteAsync()
    {
        PostgresPrograms.Need();
        for (var i = 0; i < 2; i++)
        {
            await using var gateway = new PostgreSqlGateway(server.ConnectionString, o => o.Schema = _schema);
            await gateway.Usage.WriteAsync(
                [.. Enumerable.Range(0, i == 0 ? 2 : 3).Select(n => Event(string.Create(CultureInfo.InvariantCulture, $"{i}-{n}"), "acme", UsageOutcome.Served)),
                    Event("refused", "zeta", UsageOutcome.Refused)], // at both, and counts once
                TestContext.Current.CancellationToken);
        }
    }

    private static UsageEvent Event(string id, string client, UsageOutcome outcome) => new()
    {
        Id = UsageEvent.IdOf(id),
        Time = new DateTimeOffset(2026, 10, 5, 10, 30, 0, TimeSpan.Zero),
        Client = client,
        Tier = "gold",
        Outcome = outcome,
    };
}

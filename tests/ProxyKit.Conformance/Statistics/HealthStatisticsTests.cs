using ProxyKit.Checks;

namespace ProxyKit.Conformance.Statistics;

/// <summary>What becomes of servers and backends: MX-08 and MX-17.</summary>
public sealed class HealthStatisticsTests : StatisticsTest
{
    [Fact]
    public async Task Outage_of_five_seconds_is_one_transition_and_so_much_downtime() // MX-17
    {
        var works = true;
        await StartAsync(
            Origin(exchange => exchange.AnswerAsync(works ? "HTTP/1.1 200 OK" : "HTTP/1.1 503 No", "Content-Length: 0", "", "")),
            backend: "option httpchk",
            server: "check inter 100ms fall 3 rise 2");
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0, 0, "UP", "L7OK"), (S.FailedChecks, S.Downs, B.Downs, S.Status, S.CheckStatus));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (S.Downtime, B.Downtime));

        works = false;
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(("DOWN", "DOWN", "L7STS", 503), (S.Status, B.Status, S.CheckStatus, S.CheckCode));
        Assert.Equal((3, 1, 1), (S.FailedChecks, S.Downs, B.Downs)); // while it was up, and no more
        Assert.InRange(S.SinceLastChange.TotalSeconds, 4.5, 5);
        Assert.Equal((S.SinceLastChange, S.SinceLastChange), (S.Downtime, B.Downtime));
        Assert.Equal((0, 0, 0), (B.ActiveServers, B.Weight, S.Weight));

        works = true;
        await PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((3, 1, 1, "UP", "UP"), (S.FailedChecks, S.Downs, B.Downs, S.Status, B.Status));
        Assert.InRange(S.Downtime.TotalSeconds, 4.5, 5.5);
        Assert.Equal(S.Downtime, B.Downtime);
        Assert.InRange(S.SinceLastChange.TotalSeconds, 1.5, 2);
        Assert.Equal((1, 1, 1), (B.ActiveServers, B.Weight, S.Weight));
    }

    [Fact]
    public async Task Server_that_is_taken_out_is_down_and_has_not_gone_down() // MX-17
    {
        await StartAsync(OkOrigin());

        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);
        Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal((0, 1, "MAINT", "DOWN"), (S.Downs, B.Downs, S.Status, B.Status));
        Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)), (S.Downtime, B.Downtime));
        Proxy.SetServerMode("web", "s1", ServerMode.Ready);
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)), (S.Downtime, S.SinceLastChange));
    }

    [Fact]
    public async Task Servers_in_use_are_counted_by_kind() // MX-08
    {
        await StartWebAsync(
            """
            server s1 {s1} weight 2
            server s2 {s1} weight 3
            server s3 {s1} backup
            """,
            OkOrigin());

        Assert.Equal((2, 1, 5, "UP"), (B.ActiveServers, B.BackupServers, B.Weight, B.Status));
        Proxy.SetServerMode("web", "s2", ServerMode.Drain);
        Assert.Equal((1, 1, 2), (B.ActiveServers, B.BackupServers, B.Weight));
        var s2 = Proxy.GetStatistics().Server("web", "s2");
        Assert.Equal((0, 3, "DRAIN"), (s2.Weight, s2.UserWeight, s2.Status));
        Assert.Equal((false, true), (S.IsBackup, Proxy.GetStatistics().Server("web", "s3").IsBackup));
    }

    [Fact]
    public async Task Backend_without_servers_is_up()
    {
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
            """);

        Assert.Equal(("UP", 0, 0), (B.Status, B.ActiveServers, B.Weight));
    }

    [Fact]
    public async Task Errors_of_clients_that_are_acted_upon_are_counted()
    {
        await StartAsync(
            Origin(exchange => exchange.AnswerAsync("HTTP/1.1 500 No", "Content-Length: 0", "", "")),
            server: "check observe layer7 error-limit 2 on-error mark-down inter 1h");
        await AskAsync();
        Assert.Equal((0, 0), (S.Reactions, S.FailedChecks));
        await AskAsync();

        await UntilAsync(() => S.Reactions == 1);

        Assert.Equal((1, 1, "HANA"), (S.FailedChecks, S.Downs, S.CheckStatus));
    }
}

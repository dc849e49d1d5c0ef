using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Checks;

/// <summary>The lines of the log about servers, and how grave they are: HC-26. The words are HAProxy's; what checks find is compared with it in
/// <c>HAProxy/Health/HealthCases</c>, what people decide was read off it.</summary>
public sealed partial class StateLineTests : ConfiguredTest
{
    private const LogLevel Told = LogLevel.Information, Bad = LogLevel.Warning;
    private const string None = "backend 'web' has no server available!";

    private readonly HashSet<int> _refusing = [];
    private int _read;

    [Fact]
    public async Task Server_that_stops_and_comes_back_is_told_with_what_is_left() // HC-26
    {
        var (origin, second) = (HoldingOrigin(), OkOrigin());
        Network.Connecting = (options, _) => new(_refusing.Contains(((System.Net.IPEndPoint)options.EndPoint).Port) ? TransportError.Refused : TransportError.None);
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                use-server s1 if { path /1 }
                server s1 {s1} check
                server s2 {s2} check
                server b1 {s3} backup
            """, origin, second, OkOrigin());
        await PassAsync(TimeSpan.FromSeconds(2));
        var asking = GetAsync("/1");
        await origin.RequestAsync();
        const string Reason = "reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms";

        _refusing.Add(origin.Port);
        await PassAsync(TimeSpan.FromSeconds(6));
        Expect((Bad, $"Server web/s1 is DOWN, {Reason}. 1 active and 1 backup servers left. 1 sessions active, 0 requeued, 0 remaining in queue."));

        _refusing.Add(second.Port);
        await PassAsync(TimeSpan.FromSeconds(6));
        Expect((Bad, $"Server web/s2 is DOWN, {Reason}. 0 active and 1 backup servers left. Running on backup. 0 sessions active, 0 requeued, 0 remaining in queue."));

        Proxy.SetServerHealth("web", "b1", ForcedHealth.Down);
        Expect(
            (Bad, "Backup Server web/b1 is DOWN, changed from CLI. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue."),
            (LogLevel.Critical, None));

        _refusing.Clear();
        await PassAsync(TimeSpan.FromSeconds(4));
        Expect(
            (Told, "Server web/s1 is UP, reason: Layer4 check passed, check duration: 0ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue."),
            (Told, "Server web/s2 is UP, reason: Layer4 check passed, check duration: 0ms. 2 active and 0 backup servers online. 0 sessions requeued, 0 total in queue."));
        Free();
        Assert.Equal(200, (await asking).Status);
    }

    [Fact]
    public async Task What_was_decided_about_a_server_is_told_of_those_that_track_it_too() // HC-26, HC-27
    {
        await StartTrackingAsync();

        Set("s1", ServerMode.Drain);
        ExpectWords((Told, "Server web/s1 enters drain state"), (Told, "Server web/s2 enters drain state via web/s1"), (LogLevel.Critical, None));
        Set("s2", ServerMode.Drain);
        ExpectWords((Told, "Server web/s2 remains in forced drain mode"));
        Set("s1", ServerMode.Ready);
        ExpectWords((Told, "Server web/s1 is UP (leaving forced drain)"), (Told, "Server web/s2 remains in forced drain mode"));
        Set("s1", ServerMode.Drain);
        ExpectWords((Told, "Server web/s1 enters drain state"), (LogLevel.Critical, None), (Told, "Server web/s2 remains in forced drain mode"));
        Set("s2", ServerMode.Ready);
        ExpectWords((Told, "Server web/s2 is leaving forced drain but remains in drain mode via web/s1"));
        Set("s1", ServerMode.Maintenance);
        ExpectWords((Told, "Server web/s1 is going DOWN for maintenance"), (Told, "Server web/s2 is going DOWN for maintenance via web/s1"));
        Set("s1", ServerMode.Drain);
        ExpectWords(
            (Told, "Server web/s1 is UP/DRAIN (leaving forced maintenance)"), (Told, "Server web/s1 remains in forced drain mode"),
            (Told, "Server web/s2 is UP/DRAIN (leaving maintenance)"), (Told, "Server web/s2 remains in drain mode via web/s1"));
        Set("s1", ServerMode.Ready);
        ExpectWords((Told, "Server web/s1 is UP (leaving forced drain)"), (Told, "Server web/s2 is UP (leaving forced drain)"));

        Set("s1", ServerMode.Maintenance);
        ExpectWords(
            (Bad, "Server web/s1 is going DOWN for maintenance"), (Bad, "Server web/s2 is going DOWN for maintenance via web/s1"), (LogLevel.Critical, None));
        Set("s2", ServerMode.Maintenance);
        ExpectWords();
        Set("s1", ServerMode.Ready);
        ExpectWords((Told, "Server web/s1 is UP/READY (leaving forced maintenance)"), (Told, "Server web/s2 remains in forced maintenance"));
        Set("s1", ServerMode.Maintenance);
        ExpectWords((Bad, "Server web/s1 is going DOWN for maintenance"), (LogLevel.Critical, None));
        Set("s2", ServerMode.Ready);
        ExpectWords((Told, "Server web/s2 is leaving forced maintenance but remains in maintenance via web/s1"));
        Set("s1", ServerMode.Ready);
        ExpectWords((Told, "Server web/s1 is UP/READY (leaving forced maintenance)"), (Told, "Server web/s2 is UP/READY (leaving maintenance)"));
    }

    [Fact]
    public async Task What_is_decided_about_a_server_that_is_down_is_told_as_that() // HC-26
    {
        await StartTrackingAsync();

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        ExpectWords((Bad, "Server web/s1 is DOWN, changed from CLI"), (Bad, "Server web/s2 is DOWN via web/s1"), (LogLevel.Critical, None));
        Set("s2", ServerMode.Maintenance);
        ExpectWords((Told, "Server web/s2 was DOWN and now enters maintenance"));
        Set("s2", ServerMode.Ready);
        ExpectWords((Told, "Server web/s2 is DOWN/READY (leaving forced maintenance)"));
        Set("s2", ServerMode.Drain);
        Expect((Told, "Server web/s2 enters drain state. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue."));
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Up);
        ExpectWords(
            (Told, "Server web/s1 is UP, changed from CLI"), (Told, "Server web/s2 is UP via web/s1"), (Told, "Server web/s2 remains in forced drain mode"));
        Set("s2", ServerMode.Ready);
        ExpectWords((Told, "Server web/s2 is UP (leaving forced drain)"));

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Stopping);
        ExpectWords((Told, "Server web/s1 is stopping, changed from CLI"), (Told, "Server web/s2 is stopping via web/s1"), (LogLevel.Critical, None));
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        ExpectWords((Told, "Server web/s1 is DOWN, changed from CLI"), (Told, "Server web/s2 is DOWN via web/s1")); // nobody was let in any more
    }

    private async Task StartTrackingAsync()
    {
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                server s1 {s1} check inter 1h
                server s2 {s2} track web/s1
            """, OkOrigin(), OkOrigin());
        await PassAsync(TimeSpan.FromSeconds(1));
        Expect();
    }

    private void Set(string server, ServerMode mode) => Proxy.SetServerMode("web", server, mode);

    /// <summary>What was logged since the last time.</summary>
    private List<(LogLevel Level, string Line)> Lines()
    {
        var lines = Log.Entries.Where(static e => e.Category == "ProxyKit.Health").Select(static e => (e.Level, e.Message)).Skip(_read).ToList();
        _read += lines.Count;
        return lines;
    }

    private void Expect(params (LogLevel Level, string Line)[] lines) => Assert.Equal(lines, Lines());

    /// <summary>Without what comes behind the first sentence.</summary>
    private void ExpectWords(params (LogLevel Level, string Words)[] lines) =>
        Assert.Equal(lines, Lines().Select(static l => (l.Level, Counts().Replace(l.Line, ""))));

    [GeneratedRegex(@"\.( \d+ active.*)?$")]
    private static partial Regex Counts();
}

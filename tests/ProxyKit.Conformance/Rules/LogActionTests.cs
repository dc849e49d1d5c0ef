using ProxyKit.Rules;

namespace ProxyKit.Conformance.Rules;

/// <summary>Lines that rules of connections and sessions ask for: <c>do-log</c>.</summary>
public sealed class LogActionTests() : ProxyTest(Carrier.Sockets)
{
    [Fact]
    public async Task Connection_and_session_have_lines_before_there_is_a_request()
    {
        await StartAsync(OkOrigin(), static f => f
            .Configure(static o => o.LogFormat = "%OG %ST %TR/%Tc %[var(sess.a)] %f")
            .OnConnection(static rules => rules.SetVariable("sess.a", Value.Parse("int(7)")).Log())
            .OnSession(static rules => rules.SetVariable("sess.a", Value.Parse("int(8)")).Log()));

        await GetAsync("/");

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("unspec", StringComparison.Ordinal));
        var lines = Lines();
        Assert.Equal(["tcp-req-conn 0 -1/-1 7 public", "tcp-req-sess 0 -1/-1 8 public"], lines[..2]);
        Assert.Matches("^unspec 200 [0-9]+/[0-9]+ 8 public$", Assert.Single(lines[2..]));
    }

    [Fact]
    public async Task Client_that_is_turned_away_has_the_line_that_a_rule_asked_for()
    {
        await StartAsync(OkOrigin(), static f => f
            .Configure(static o => o.LogFormat = "%OG %ci")
            .OnConnection(static rules => rules.Log(when: Match.Source("127.0.0.1")).Reject()));
        var client = await ConnectAsync();

        await client.Wire.ReadToEndAsync();

        Assert.Equal(["tcp-req-conn 127.0.0.1"], Lines());
    }

    [Fact]
    public async Task Frontend_without_a_log_has_no_line()
    {
        await StartAsync(OkOrigin(), static f => f
            .Configure(static o => (o.LogFormat, o.AccessLog) = ("%OG", false))
            .OnConnection(static rules => rules.Log()));

        await GetAsync("/");
        await Proxy.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(Lines());
    }

    private string[] Lines() => [.. Log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => e.Message)];
}

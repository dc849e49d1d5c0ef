using System.Security.Authentication;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class FrontendMappingTests
{
    [Fact]
    public void Timeouts_that_are_not_set_have_no_limit()
    {
        var result = Reading.Of("frontend f\nbind :80\n");

        var frontend = Assert.Single(result.Options!.Frontends);
        Assert.Equal(ProxyMode.Tcp, frontend.Mode);
        Assert.Null(frontend.ClientTimeout);
        Assert.Null(frontend.RequestHeadTimeout);
        Assert.Null(frontend.KeepAliveTimeout);
        Assert.Null(frontend.HandshakeTimeout);
        Assert.Null(frontend.ClientFinTimeout);
        Assert.StartsWith("parsing [a.cfg:1] : missing timeouts for frontend 'f'.\n", Assert.Single(result.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Timeouts_are_those_of_the_lines()
    {
        var frontend = Reading.Frontend("timeout http-request 2s\ntimeout http-keep-alive 3s\ntimeout client-hs 4s\ntimeout client-fin 5s\ntimeout tarpit 6s");

        Assert.Equal(
            [1, 2, 3, 4, 5, 6],
            new[] { frontend.ClientTimeout, frontend.RequestHeadTimeout, frontend.KeepAliveTimeout, frontend.HandshakeTimeout, frontend.ClientFinTimeout, frontend.TarpitTimeout }
                .Select(static t => t!.Value.TotalSeconds));
    }

    [Fact]
    public void Zero_is_no_limit_and_is_warned_of()
    {
        var result = Reading.Of("frontend f\nbind :80\ntimeout client 0\n");

        Assert.Null(Assert.Single(result.Options!.Frontends).ClientTimeout);
        Assert.Contains("missing timeouts for frontend 'f'.", Assert.Single(result.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_looks_like_seconds_is_warned_of()
    {
        var result = Reading.Of("frontend f\nbind :80\ntimeout client 30\n");

        Assert.Equal(
            "parsing [a.cfg:3] : 'timeout client 30' is suspiciously small for a value in milliseconds. Please use an explicit unit ('30ms') if that was the intent.",
            Assert.Single(result.Warnings()));
        Assert.Equal(TimeSpan.FromMilliseconds(30), result.Options!.Frontends[0].ClientTimeout);
    }

    [Fact]
    public void Timeout_that_is_said_twice_is_warned_of()
    {
        var result = Reading.Of("defaults\ntimeout client 1s\nfrontend f\nbind :80\ntimeout client 2s\ntimeout client 3s\n");

        Assert.Equal(
            "parsing [a.cfg:6] : overwriting 'timeout client' which was already specified at a.cfg:5.", Assert.Single(result.Warnings()));
    }

    [Fact]
    public void Connection_modes_replace_each_other()
    {
        Assert.Equal(ConnectionMode.KeepAlive, Reading.Frontend("").ConnectionMode);
        Assert.Equal(ConnectionMode.Close, Reading.Frontend("option http-server-close\noption httpclose").ConnectionMode);
        Assert.Equal(ConnectionMode.Close, Reading.Frontend("option httpclose\nno option http-server-close").ConnectionMode);
        Assert.Equal(ConnectionMode.KeepAlive, Reading.Frontend("option httpclose\nno option httpclose").ConnectionMode);
    }

    [Fact]
    public void Limits_are_those_of_the_lines()
    {
        var frontend = Reading.Frontend("maxconn 5\nbacklog 7");
        Assert.Equal(5, frontend.MaxConnections);
        Assert.Equal(7, frontend.Binds[0].Backlog);

        Assert.Null(Reading.Frontend("maxconn 0").MaxConnections);
    }

    [Fact]
    public void Limit_of_a_line_is_that_of_each_of_its_addresses()
    {
        var result = Reading.Of("frontend f\nbind :80,:81 maxconn 3\nbind :82\nmaxconn 5\ntimeout client 1s\n");
        var frontend = result.Options!.Frontends[0];

        Assert.Equal(5, frontend.MaxConnections);
        Assert.Equal([3, 3, null], frontend.Binds.Select(static b => b.MaxConnections));
        Assert.Equal([3, 3, 5], frontend.Binds.Select(static b => b.Backlog));
    }

    [Theory]
    [InlineData("rate-limit sessions 30", 30)]
    [InlineData("rate-limit sessions 0", null)]
    [InlineData("", null)]
    public void Rate_of_sessions_is_that_of_the_line(string line, int? expected) => Assert.Equal(expected, Reading.Frontend(line).MaxSessionRate);

    [Fact]
    public void Size_is_no_number_of_connections()
    {
        var result = Reading.Of("frontend f\nbind :80\nmaxconn 1k\ntimeout client 1s\n");

        Assert.Equal("parsing [a.cfg:3] : 'maxconn 1k': sizes are not accepted here; HAProxy would take it for 1.", Assert.Single(result.Warnings()));
        Assert.Null(result.Options);
    }

    [Fact]
    public void Range_of_ports_makes_a_listener_of_each()
    {
        var result = Reading.Of("frontend f\nbind :8000-8003,[::1]:9 name n backlog 9\ntimeout client 1s\n");

        var binds = result.Options!.Frontends[0].Binds;
        Assert.Equal(["0.0.0.0:8000", "0.0.0.0:8001", "0.0.0.0:8002", "0.0.0.0:8003", "[::1]:9"], binds.Select(static b => b.Address));
        Assert.All(binds, static b => Assert.Equal(("n", 9), (b.Name, b.Backlog!.Value)));
    }

    [Theory]
    [InlineData(":::80", true)]
    [InlineData(":::80 v6only", true)]
    [InlineData(":::80 v4v6", false)]
    [InlineData("*:80", false)]
    public void All_of_IPv6_takes_IPv4_where_it_is_told_to(string bind, bool isIPv6Only)
    {
        Assert.Equal(isIPv6Only, Reading.Bind(bind).IPv6Only);
    }

    [Fact]
    public void Address_that_is_taken_is_told()
    {
        Assert.Equal(
            "parsing [a.cfg:4] : frontend 'g': '0.0.0.0:80' is taken already, at a.cfg:2: several listeners on one address are not supported.",
            Reading.Alert("frontend f\nbind :80\nfrontend g\nbind *:80\n"));
    }

    [Fact]
    public void Certificate_lies_below_its_directory()
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, "c.pem"), "");
            var result = Reading.Of(
                $"global\ncrt-base {directory}\nssl-default-bind-options ssl-min-ver TLSv1.3\nfrontend f\nmode http\nbind :443 ssl crt c.pem alpn h2,http/1.1\n"
                + $"bind :444 ssl crt {directory}/c.pem ssl-min-ver TLSv1.2 no-alpn\ntimeout client 1s\n");

            Assert.True(result.IsValid, result.ToString());
            Assert.Contains("HTTP/2", Assert.Single(result.Warnings()), StringComparison.Ordinal);
            var (first, second) = (result.Options.Frontends[0].Binds[0].Tls!, result.Options.Frontends[0].Binds[1].Tls!);
            Assert.Equal((Path.Combine(directory, "c.pem"), SslProtocols.Tls13), (first.CertificatePath!, first.MinimumProtocol));
            Assert.Equal(["http/1.1"], first.ApplicationProtocols);
            Assert.Equal(SslProtocols.Tls12, second.MinimumProtocol);
            Assert.Equal([], second.ApplicationProtocols);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Lines_are_written_where_somebody_takes_them()
    {
        Assert.False(Reading.Frontend("option httplog").AccessLog);
        Assert.True(Reading.Frontend("log 127.0.0.1 local0\noption httplog").AccessLog);
        Assert.False(Reading.Frontend("log global\noption httplog").AccessLog); // global logs nowhere
    }

    [Theory]
    [InlineData("log-format old", "option httplog", null)]
    [InlineData("log-format old", "option tcplog", AccessLogFormats.Tcp)]
    [InlineData("log-format old", "option httpslog", AccessLogFormats.Https)]
    [InlineData("log-format old", "option httplog clf", AccessLogFormats.Clf)]
    [InlineData("log-format old", "option httplog\nlog-format own", "own")]
    [InlineData("log-format old", "log-format own\noption httplog", null)]
    [InlineData("log-format old", "option tcplog\noption httplog", null)]
    [InlineData("option tcplog", "log-format own", "own")]
    [InlineData("option tcplog", "", AccessLogFormats.Tcp)]
    public void Line_of_the_log_is_what_was_said_last(string inherited, string own, string? format)
    {
        var result = Reading.Of($"defaults\nmode http\ntimeout client 1s\nlog 127.0.0.1 local0\n{inherited}\nfrontend x\nbind :80\n{own}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(format, Assert.Single(result.Options.Frontends).LogFormat);
        Assert.Empty(result.Warnings());
    }

    [Theory]
    [InlineData("frontend", "log-format x", 5)]
    [InlineData("listen", "option httplog", 5)]
    [InlineData("frontend", "option tcplog\nlog global", 5)]
    [InlineData("frontend", "option dontlognull\noption httpslog", 6)]
    [InlineData("frontend", "log stdout local0\nlog-format x", null)]
    [InlineData("frontend", "error-log-format x\noption logasap", null)]
    public void Line_of_the_log_that_goes_nowhere_is_told_of(string kind, string lines, int? line)
    {
        var result = Reading.Of($"{kind} x\nmode http\nbind :80\ntimeout client 1s\n{lines}\n");

        Assert.Equal(line is null ? null : $"parsing [a.cfg:{line}] : log format ignored for {kind} 'x' since it has no log address.", result.Warnings().SingleOrDefault());
    }

    /// <summary>In each other section nothing is said of it, as in HAProxy.</summary>
    [Fact]
    public void Line_of_the_log_that_takes_the_place_of_another_is_told_of_in_defaults()
    {
        string[] lines = ["option httplog", "option httplog", "option httplog clf", "option httpslog", "log-format x", "log-format y", "option tcplog", "error-log-format a", "error-log-format b"];
        var result = Reading.Of(
            $"defaults a\nmode http\n{string.Join('\n', lines)}\ndefaults b from a\noption httplog\ntimeout client 1s\nfrontend x from b\nbind :80\nlog-format x\nlog-format y\noption tcplog\nlog 127.0.0.1 local0\n");

        Assert.Equal(
            [
                "parsing [a.cfg:4] : 'option httplog' overrides previous 'option httplog' in 'defaults' section.",
                "parsing [a.cfg:5] : 'option httplog clf' overrides previous 'option httplog' in 'defaults' section.",
                "parsing [a.cfg:6] : 'option httpslog' overrides previous 'option httplog clf' in 'defaults' section.",
                "parsing [a.cfg:7] : 'log-format' overrides previous 'option httpslog' in 'defaults' section.",
                "parsing [a.cfg:8] : 'log-format' overrides previous 'log-format' in 'defaults' section.",
                "parsing [a.cfg:9] : 'option tcplog' overrides previous 'log-format' in 'defaults' section.",
                "parsing [a.cfg:11] : 'error-log-format' overrides previous 'error-log-format' in 'defaults' section.",
                "parsing [a.cfg:13] : 'option httplog' overrides previous 'option tcplog' in 'defaults' section.",
            ],
            result.Warnings());
    }

    [Theory]
    [InlineData("log-format old\noption httplog", "", "parsing [a.cfg:4] : 'option httplog' not usable with frontend 'x' (needs 'mode http'). Falling back to 'option tcplog'.")]
    [InlineData("log-format old", "option httplog clf", "parsing [a.cfg:6] : 'option httplog' not usable with frontend 'x' (needs 'mode http'). Falling back to 'option tcplog'.")]
    [InlineData("option httplog", "log-format own", null)]
    [InlineData("", "option httplog\nlog-format own", null)]
    [InlineData("option httplog", "option tcplog", null)]
    public void Fall_back_is_told_of_the_line_that_counts(string inherited, string own, string? warning)
    {
        var result = Reading.Of($"defaults\ntimeout client 1s\n{inherited}\nfrontend x\nbind :80\n{own}\nlog 127.0.0.1 local0\n");

        Assert.Equal(warning, result.Warnings().SingleOrDefault(static w => !w.Contains("overrides previous", StringComparison.Ordinal)));
    }

    [Fact]
    public void Httplog_of_a_TCP_proxy_falls_back()
    {
        Assert.Equal(
            "parsing [a.cfg:3] : 'option httplog' not usable with frontend 'x' (needs 'mode http'). Falling back to 'option tcplog'.",
            Assert.Single(Reading.Of("frontend x\nbind :80\noption httplog\ntimeout client 1s\nlog 127.0.0.1 local0\n").Warnings()));
    }

    [Fact]
    public void Frontend_without_an_address_is_warned_of_and_left_out()
    {
        var result = Reading.Of("frontend f\ntimeout client 1s\nfrontend g\nbind :80\ntimeout client 1s\n");

        Assert.Equal("g", Assert.Single(result.Options!.Frontends).Name);
        Assert.Equal(
            "parsing [a.cfg:1] : frontend 'f' has no 'bind' directive. Please declare it as a backend if this was intended.", Assert.Single(result.Warnings()));
    }

    [Theory]
    [InlineData("default_backend b\n", "Proxy 'f': unable to find required default_backend: 'b'.")]
    [InlineData("use_backend bb\nbackend b\n", "Proxy 'f': unable to find required use_backend: 'bb'; did you mean 'b' maybe ?.")]
    [InlineData("default_backend b\nbackend b\nmode tcp\n", "http frontend 'f' (a.cfg:1) tries to use incompatible tcp backend 'b' (a.cfg:6) as its default_backend (see 'mode').")]
    public void Backend_that_cannot_be_used_is_told(string lines, string message)
    {
        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\n{lines}");

        Assert.Equal($"parsing [a.cfg:5] : {message}", Assert.Single(result.Alerts()));
    }

    [Fact]
    public void Routes_keep_their_order_and_place()
    {
        var frontend = Reading.Of(
            "frontend f\nmode http\nbind :80\ntimeout client 1s\nuse_backend a\nuse_backend b\ndefault_backend b\nbackend a\nmode http\nbackend b\nmode http\n").Options!.Frontends[0];

        Assert.Equal([("a", "a.cfg:5"), ("b", "a.cfg:6")], frontend.Routes.Select(static r => (r.Backend, r.Origin!)));
        Assert.Equal("b", frontend.DefaultBackend);
    }

    [Fact]
    public void Disabled_proxy_is_left_out()
    {
        var result = Reading.Of("defaults\ntimeout client 1s\nfrontend f\nbind :80\ndisabled\nfrontend g\nbind :81\n");

        Assert.Equal("g", Assert.Single(result.Options!.Frontends).Name);
    }

    [Fact]
    public void Rule_behind_a_route_is_warned_of()
    {
        Assert.Equal(
            "parsing [a.cfg:6] : a 'http-request' rule placed after a 'use_backend' rule will still be processed before.",
            Assert.Single(Reading.Of("frontend f\nmode http\nbind :80\ntimeout client 1s\nuse_backend b\nhttp-request sc-inc-gpc0\nbackend b\nmode http\n").Warnings()));
    }

    [Fact]
    public void Rule_behind_a_final_one_is_warned_of()
    {
        Assert.Equal(
            "parsing [a.cfg:6] : previous 'http-request' action is final and has no condition attached, further entries are NOOP.",
            Assert.Single(Reading.Of("frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request allow\nhttp-request sc-inc-gpc0\n").Warnings()));
    }

    [Fact]
    public void Global_limits_are_the_proxys()
    {
        var options = Reading.Of("global\nmaxconn 5000\nhard-stop-after 10s\nglobal\nmaxconn 6000\nfrontend f\nbind :80\ntimeout client 1s\n").Options!;

        Assert.Equal((6000, TimeSpan.FromSeconds(10)), (options.MaxConnections!.Value, options.DrainTimeout));
    }
}

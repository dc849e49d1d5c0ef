using System.Security.Authentication;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.StickTables;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class BackendMappingTests
{
    [Fact]
    public void Backend_that_says_nothing_is_as_HAProxys()
    {
        var backend = Reading.Backend("server s 10.0.0.1:80");

        Assert.Equal(("random", 3, false, true), (backend.Balance.Name, backend.Retries, backend.Redispatch, backend.AbortOnClose));
        Assert.Equal((ConnectionReuse.Safe, false, false), (backend.Reuse, backend.CloseServerConnections, backend.UseAllBackups));
        Assert.Null(backend.TunnelTimeout);
        Assert.Null(backend.ServerFinTimeout);
    }

    [Fact]
    public void Lines_are_the_backends()
    {
        var backend = Reading.Backend(
            "balance leastconn\nretries 7\noption redispatch\nno option abortonclose\noption allbackups\nhttp-reuse always\noption httpclose\ntimeout tunnel 1h\ntimeout server-fin 2s");

        Assert.Equal(("leastconn", 7, true, false), (backend.Balance.Name, backend.Retries, backend.Redispatch, backend.AbortOnClose));
        Assert.Equal((ConnectionReuse.Always, true, true), (backend.Reuse, backend.CloseServerConnections, backend.UseAllBackups));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromSeconds(2)), (backend.TunnelTimeout!.Value, backend.ServerFinTimeout!.Value));
    }

    [Theory]
    [InlineData("option redispatch", true)]
    [InlineData("option redispatch -1", true)]
    [InlineData("option redispatch 0", false)]
    [InlineData("option redispatch\nno option redispatch", false)]
    public void Interval_of_zero_switches_redispatching_off(string lines, bool redispatches)
    {
        Assert.Equal(redispatches, Reading.Backend(lines).Redispatch);
    }

    [Fact]
    public void Reader_says_how_servers_are_chosen_where_the_file_does_not()
    {
        var result = HAProxyConfiguration.Parse(
            "backend b\nfrontend f\nbind :80\n", new HAProxyConfigurationOptions { DefaultBalance = Balance.RoundRobin });

        Assert.Equal("roundrobin", result.Options!.Backends[0].Balance.Name);
    }

    [Fact]
    public void Limits_are_those_of_the_lines()
    {
        var backend = Reading.Backend("fullconn 400\ntimeout queue 7s\ndefault-server maxconn 9\nserver a 10.0.0.1:80 minconn 3 maxqueue 5 strict-maxconn\nserver b 10.0.0.2:80 maxconn 0");
        Assert.Equal((400, TimeSpan.FromSeconds(7)), (backend.FullConnections, backend.QueueTimeout));
        Assert.Equal((9, 3, 5, true), (backend.Servers[0].MaxConnections, backend.Servers[0].MinConnections, backend.Servers[0].MaxQueue, backend.Servers[0].LimitsSockets));
        Assert.Equal((0, null, null, false), (backend.Servers[1].MaxConnections, backend.Servers[1].MinConnections, backend.Servers[1].MaxQueue, backend.Servers[1].LimitsSockets));

        backend = Reading.Backend("fullconn 0\ntimeout queue 0");
        Assert.Equal((null, null), (backend.FullConnections, backend.QueueTimeout)); // as if nothing was said
    }

    [Fact]
    public void Backend_in_TCP_mode_waits_for_the_server_when_its_client_has_closed()
    {
        Assert.False(Reading.Of("backend b\nfrontend f\nbind :80\n").Options!.Backends[0].AbortOnClose);
    }

    [Fact]
    public void Parameters_are_the_servers()
    {
        var server = Reading.Server("weight 20 backup source 10.0.0.9:1000 pool-max-conn 50 pool-purge-delay 2s max-reuse 7");

        Assert.Equal(("10.0.0.1:80", 20, true, "10.0.0.9:1000"), (server.Address, server.Weight, server.IsBackup, server.Source));
        Assert.Equal((50, 7, TimeSpan.FromSeconds(2)), (server.MaxIdleConnections!.Value, server.MaxReuse!.Value, server.IdlePurgeInterval));
        Assert.Null(server.Tls);
    }

    [Fact]
    public void Minus_one_is_no_limit()
    {
        var server = Reading.Server("pool-max-conn -1 max-reuse -1");

        Assert.Null(server.MaxIdleConnections);
        Assert.Null(server.MaxReuse);
    }

    [Theory]
    [InlineData("source 10.0.0.9", "10.0.0.9")]
    [InlineData("source ::1", "::1")]
    [InlineData("source [::1]:5", "[::1]:5")]
    [InlineData("source ipv4@10.0.0.9", "10.0.0.9")]
    public void Source_is_an_address_with_or_without_a_port(string parameters, string source)
    {
        Assert.Equal(source, Reading.Server(parameters).Source);
    }

    [Fact]
    public void Template_makes_servers_of_one_address()
    {
        Assert.Equal(
            [("web1", "app.internal:80", 3), ("web2", "app.internal:80", 3), ("web3", "app.internal:80", 3)],
            Reading.Backend("server-template web 3 app.internal:80 weight 3").Servers.Select(static s => (s.Name, s.Address, s.Weight)));
        Assert.Equal(["w5", "w6"], Reading.Backend("server-template w 5-6 app.internal:80").Servers.Select(static s => s.Name));
    }

    [Fact]
    public void Name_that_nobody_knows_is_told_when_names_are_looked_up()
    {
        const string Text = "backend b\nserver s no-such-host.invalid:80 {0}\nfrontend f\nbind :80\n";

        Assert.Equal(
            "parsing [a.cfg:2] : 'server s' : could not resolve address 'no-such-host.invalid'.",
            Assert.Single(HAProxyConfiguration.Parse(Text.Replace("{0}", "", StringComparison.Ordinal), name: "a.cfg").Alerts()));
        Assert.True(HAProxyConfiguration.Parse(Text.Replace("{0}", "init-addr last,libc,none", StringComparison.Ordinal)).IsValid);
        Assert.Equal(
            "10.9.9.9:80",
            HAProxyConfiguration.Parse(Text.Replace("{0}", "init-addr libc,10.9.9.9", StringComparison.Ordinal)).Options!.Backends[0].Servers[0].Address);
    }

    [Fact]
    public void Verification_needs_an_authority()
    {
        Assert.StartsWith(
            "parsing [a.cfg:2] : 'server s' in backend 'b' : verify is enabled by default but no CA file specified.",
            Reading.Of("backend b\nserver s 10.0.0.1:443 ssl\nfrontend f\nbind :80\n").Alerts().First(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Name_of_a_server_is_the_one_that_is_sent_or_verified()
    {
        Assert.Equal("a.example", Reading.Server("ssl verify none sni str(a.example)").Tls!.HostName);
        Assert.Equal("b.example", Reading.Server("ssl ca-file @system-ca verifyhost b.example no-sni-auto").Tls!.HostName);
        Assert.Equal("a.example", Reading.Server("ssl ca-file @system-ca verifyhost b.example sni str(a.example)").Tls!.HostName);
    }

    [Theory]
    [InlineData("", "req.hdr(host),host_only")]
    [InlineData("no-sni-auto", null)]
    [InlineData("sni str(a.example)", null)]
    [InlineData("sni req.hdr(x-name),lower", "req.hdr(x-name),lower")]
    [InlineData("sni str(a.example) sni req.hdr(x-name)", "req.hdr(x-name)")]
    [InlineData("sni req.hdr(x-name) sni str(a.example)", null)]
    [InlineData("no-sni-auto sni ssl_fc_sni", "ssl_fc_sni")]
    public void Name_of_a_server_may_be_another_one_for_each_request(string parameters, string? expected)
    {
        var server = Reading.Server($"ssl verify none {parameters}");

        Assert.Equal(expected, server.TlsHostName?.ToString());
        Assert.Equal(parameters.EndsWith("str(a.example)", StringComparison.Ordinal) ? "a.example" : null, server.Tls!.HostName);
    }

    [Fact]
    public void Verification_is_on_unless_it_is_switched_off()
    {
        Assert.True(Reading.Server("ssl ca-file @system-ca sni str(a)").Tls!.Verify);
        Assert.False(Reading.Server("ssl verify none sni str(a)").Tls!.Verify);
        Assert.False(Reading.Of(
            "global\nssl-server-verify none\nbackend b\nserver s 10.0.0.1:443 ssl sni str(a)\nfrontend f\nbind :80\n").Options!.Backends[0].Servers[0].Tls!.Verify);
        Assert.Null(Reading.Server("no-ssl", "default-server ssl verify none sni str(a)").Tls);
        Assert.Equal(SslProtocols.Tls13, Reading.Server("ssl verify none sni str(a) ssl-min-ver TLSv1.3").Tls!.MinimumProtocol);
    }

    [Theory]
    [InlineData("mode http", "check", "to its checks its certificate must be for '10.0.0.1'; HAProxy would take any name. Say which name it is with 'check-sni <name>' or 'verifyhost <name>'.")]
    [InlineData("mode http", "no-sni-auto", "its certificate must be for '10.0.0.1'; HAProxy would take any name. Say which name it is with 'verifyhost <name>'.")]
    [InlineData("mode tcp", "", "its certificate must be for '10.0.0.1'; HAProxy would take any name. Say which name it is with 'verifyhost <name>'.")]
    public void Name_that_HAProxy_would_choose_otherwise_is_warned_of(string mode, string parameters, string message)
    {
        var result = Reading.Of(
            $"backend b\n{mode}\ntimeout connect 1s\ntimeout server 1s\nserver s 10.0.0.1:443 ssl ca-file @system-ca {parameters}\nfrontend f\nbind :80\ntimeout client 1s\n");

        Assert.Equal($"parsing [a.cfg:5] : 'server s' in backend 'b' : {message}", Assert.Single(result.Warnings()));
    }

    [Fact]
    public void Listen_is_a_frontend_and_a_backend_of_one_name()
    {
        var options = Reading.Of(
            "listen l\nmode http\nbind :80\nbalance roundrobin\noption forwardfor\ntimeout client 1s\ntimeout connect 2s\ntimeout server 3s\nserver s 10.0.0.1:80\n"
            + "http-request sc-inc-gpc0\ntcp-response content sc-inc-gpc0\n").Options!;

        var (frontend, backend) = (Assert.Single(options.Frontends), Assert.Single(options.Backends));
        Assert.Equal(("l", "l", "l"), (frontend.Name, frontend.DefaultBackend, backend.Name));
        Assert.Equal((true, true, "roundrobin"), (frontend.ForwardedFor is not null, backend.ForwardedFor is not null, backend.Balance.Name));
        Assert.Single(frontend.Rules.Request);
        Assert.Empty(backend.Rules.Request);
        Assert.Empty(frontend.Rules.ResponseContent);
        Assert.Single(backend.Rules.ResponseContent);
        Assert.Equal(TimeSpan.FromSeconds(2), frontend.TarpitTimeout);
    }

    [Fact]
    public void What_servers_are_told_is_said_by_frontends_and_backends()
    {
        var options = Reading.Of(
            "frontend f\nmode http\nbind :80\noption forwardfor except ::1 if-none\ndefault_backend b\n"
            + "backend b\nmode http\noption forwardfor header X-Client\noption originalto except 127.0.0.1\n"
            + "option forwarded proto host by-expr str(_gw) for for_port\n").Options!;

        var (frontend, backend) = (Assert.Single(options.Frontends), Assert.Single(options.Backends));
        Assert.Equal(["::1"], frontend.ForwardedFor!.Except);
        Assert.Equal((true, null, "X-Client"), (frontend.ForwardedFor.OnlyWhereMissing, frontend.ForwardedFor.Name, backend.ForwardedFor!.Name));
        Assert.Equal((null, "127.0.0.1"), (frontend.OriginalTo, Assert.Single(backend.OriginalTo!.Except)));
        Assert.Equal((true, "req.hdr(host,1)", "str(_gw)", null, "src", "src_port"), (
            backend.Forwarded!.Proto, $"{backend.Forwarded.Host}", $"{backend.Forwarded.By}", backend.Forwarded.ByPort, $"{backend.Forwarded.For}", $"{backend.Forwarded.ForPort}"));
    }

    [Theory]
    [InlineData("127.0.0.1/8", "127.0.0.0/8")]
    [InlineData("127.0.0.1/255.0.0.0", "127.0.0.0/8")]
    [InlineData("10.1.2.3/255.255.255.255", "10.1.2.3")]
    [InlineData("10.1.2.3/0.0.0.0", "0.0.0.0/0")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0")]
    [InlineData("10.1.2.3/32", "10.1.2.3")]
    [InlineData("2001:db8:1::1/33", "2001:db8::/33")]
    [InlineData("::1", "::1")]
    public void Network_of_clients_that_are_not_told_of_has_no_host_in_it(string written, string network)
    {
        var backend = Reading.Backend($"option forwardfor except {written}\noption originalto except {written}");

        Assert.Equal([network], backend.ForwardedFor!.Except);
        Assert.Equal([network], backend.OriginalTo!.Except);
    }

    [Theory]
    [InlineData("forwardfor")]
    [InlineData("originalto")]
    public void Last_network_of_clients_that_are_not_told_of_counts(string option)
    {
        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\noption {option} except 10.0.0.0/8 except 127.0.0.1\n");

        var frontend = Assert.Single(result.GetOptionsOrThrow().Frontends);
        Assert.Equal(["127.0.0.1"], (frontend.ForwardedFor ?? frontend.OriginalTo)!.Except);
        Assert.Equal($"parsing [a.cfg:5] : 'option {option}' has several networks behind 'except', of which the last one counts.", Assert.Single(result.Warnings()));
    }

    [Fact]
    public void Limits_of_the_wait_for_requests_are_of_frontends()
    {
        var result = Reading.Of(
            "defaults\nmode http\ntimeout client 1s\ntimeout http-request 2s\ntimeout http-keep-alive 3s\nfrontend f\nbind :80\ndefault_backend b\n"
            + "backend a\nbackend b\ntimeout http-request 4s\ntimeout http-keep-alive 5s\nlisten l\nbind :81\ntimeout http-request 6s\n");

        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6)], result.Options!.Frontends.Select(static f => f.RequestHeadTimeout));
        Assert.Empty(result.Warnings());
        Assert.Equal(
            [
                "parsing [a.cfg:11] : 'timeout http-request' has no effect in backend 'b': the wait for a request and its body is limited by the frontend.",
                "parsing [a.cfg:12] : 'timeout http-keep-alive' has no effect in backend 'b': the wait for a request and its body is limited by the frontend.",
            ],
            result.Notices().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Missing_timeouts_of_a_backend_are_warned_of()
    {
        Assert.Equal(
            "parsing [a.cfg:1] : missing timeouts for backend 'b'.\n   | Whoever goes silent is waited for without end. Set these to something above 0: 'timeout connect', 'timeout server'.",
            Assert.Single(Reading.Of("backend b\nserver s 10.0.0.1:80\nfrontend f\nbind :80\ntimeout client 1s\n").Warnings()));
    }

    [Fact]
    public void Stick_table_has_the_name_of_its_proxy()
    {
        var table = Assert.Single(Reading.Of(
            "backend b\nstick-table type string len 64 size 100k expire 30s nopurge brates-factor 4 store gpt0,http_req_rate(10s),gpc(3) store gpc_rate(2,1m)\nfrontend f\nbind :80\n")
            .Options!.StickTables);

        Assert.Equal(("b", StickKeyType.String, 64, 102_400), (table.Name, table.KeyType, table.KeyLength, table.Size));
        Assert.Equal((TimeSpan.FromSeconds(30), true, 4), (table.Expire!.Value, table.KeepsOld, table.ByteRateFactor));
        Assert.Equal(
            [
                new StickData(StickDataType.Tag0),
                new StickData(StickDataType.RequestRate, TimeSpan.FromSeconds(10)),
                new StickData(StickDataType.Counters, null, 3),
                new StickData(StickDataType.CounterRates, TimeSpan.FromMinutes(1), 2),
            ],
            table.Store);
    }
}

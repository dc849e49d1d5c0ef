namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>What lines about messages, connections and rates come to.</summary>
public sealed class ConnectionMappingTests
{
    [Fact]
    public void Frontend_has_its_options()
    {
        var frontend = Reading.Frontend("""
            option http-buffer-request
            option http-restrict-req-hdr-names reject
            option http-drop-response-trailers
            option http-ignore-probes
            option http-use-proxy-header
            option idle-close-on-response
            option independent-streams
            option nolinger
            option h1-case-adjust-bogus-client
            option dontlog-normal
            option log-separate-errors
            option logasap
            max-session-srv-conns 2
            """);

        Assert.True(frontend is
        {
            BuffersRequests: true,
            OddHeaderNames: OddHeaderNames.Reject,
            DropsResponseTrailers: true,
            IgnoresProbes: true,
            AuthenticatesAsProxy: true,
            KeepsIdleWhileDraining: true,
            HasIndependentDirections: true,
            ResetsConnections: true,
            AdjustsHeaderCase: true,
            LogsFailuresOnly: true,
            RaisesFailures: true,
            LogsEarly: true,
            MaxPrivateConnections: 2,
        });
    }

    [Fact]
    public void Backend_has_its_options()
    {
        var backend = Reading.Backend("""
            option http-buffer-request
            option http-restrict-req-hdr-names delete
            option http-drop-request-trailers
            option http-pretend-keepalive
            option independent-streams
            option nolinger
            option h1-case-adjust-bogus-server
            option prefer-last-server
            max-keep-alive-queue 0
            """);

        Assert.True(backend is
        {
            BuffersRequests: true,
            OddHeaderNames: OddHeaderNames.Delete,
            DropsRequestTrailers: true,
            PretendsKeepAlive: true,
            HasIndependentDirections: true,
            ResetsConnections: true,
            AdjustsHeaderCase: true,
            PrefersLastServer: true,
            MaxKeepAliveQueue: 0,
        });
    }

    [Fact]
    public void Option_is_inherited_and_taken_back()
    {
        var result = Reading.Of("defaults\nmode http\noption nolinger\noption http-restrict-req-hdr-names reject\nfrontend f\nbind :80\ntimeout client 1s\nno option nolinger\noption http-restrict-req-hdr-names preserve\n");

        var frontend = Assert.Single(result.Options!.Frontends);
        Assert.Equal((false, OddHeaderNames.Preserve), (frontend.ResetsConnections, frontend.OddHeaderNames));
    }

    [Fact]
    public void Options_about_http_are_left_out_in_another_mode()
    {
        var result = Reading.Of("frontend f\nmode tcp\nbind :80\ntimeout client 1s\noption http-buffer-request\noption nolinger\n");

        var frontend = Assert.Single(result.Options!.Frontends);
        Assert.Equal((false, true), (frontend.BuffersRequests, frontend.ResetsConnections));
    }

    [Theory]
    [InlineData("max-keep-alive-queue -1", null)]
    [InlineData("max-keep-alive-queue 7", 7)]
    public void Queue_for_the_last_server_is_that_of_the_line(string line, int? expected) => Assert.Equal(expected, Reading.Backend(line).MaxKeepAliveQueue);

    [Fact]
    public void Silent_peers_are_asked_as_the_lines_say()
    {
        var client = Reading.Frontend("option clitcpka\nclitcpka-cnt 3\nclitcpka-idle 60\nclitcpka-intvl 2500ms").TcpKeepAlive!;
        var server = Reading.Backend("option tcpka\nsrvtcpka-idle 1m").TcpKeepAlive!;

        Assert.Equal((3, 60.0, 2.0), (client.Probes, client.Idle!.Value.TotalSeconds, client.Interval!.Value.TotalSeconds));
        Assert.Equal((null, 60.0, null), (server.Probes, server.Idle!.Value.TotalSeconds, server.Interval));
        Assert.Null(Reading.Frontend("clitcpka-cnt 3\noption tcpka\nno option clitcpka").TcpKeepAlive);
    }

    [Theory]
    [InlineData("", "source 10.1.1.1", "10.1.1.1", null)]
    [InlineData("source 10.1.1.1:99 interface eth1", "", "10.1.1.1:99", "eth1")]
    [InlineData("source 10.1.1.1 interface eth1", "source 10.2.2.2", "10.2.2.2", null)]
    [InlineData("source 10.1.1.1 interface eth1", "source * interface eth2", null, "eth2")]
    [InlineData("source 0.0.0.0 interface eth1", "", null, "eth1")]
    [InlineData("source 10.1.1.1 interface eth1", "interface eth2", "10.1.1.1", "eth2")]
    public void Connections_come_from_where_the_server_or_its_backend_says(string line, string parameters, string? source, string? device)
    {
        var server = Reading.Server(parameters, line);

        Assert.Equal((source, device), (server.Source, server.Interface));
    }

    [Theory]
    [InlineData("source 10.1.1.1 usesrc client", "'usesrc' is not supported yet: connections come from addresses of this machine.")]
    [InlineData("source 10.1.1.1 interface", "'source' only supports an optional keyword 'interface' with a name (got 'interface').")]
    [InlineData("source host", "'source' : invalid address: 'host'.")]
    public void Source_that_cannot_be_is_told(string line, string expected) => Assert.Equal($"parsing [a.cfg:2] : {expected}", Reading.Alert($"backend b\n{line}\n"));

    [Fact]
    public void Bind_takes_clients_of_an_interface() => Assert.Equal("eth1", Reading.Bind(":80 interface eth1").Interface);

    [Fact]
    public void Server_redirects_to_its_prefix() => Assert.Equal("http://x", Reading.Server("redir http://x").RedirectPrefix);

    [Fact]
    public void Rates_of_the_process_are_those_of_global()
    {
        var options = Global("maxconnrate 1\nmaxsessrate 2\nmaxsslconn 3\nmaxsslrate 4");

        Assert.Equal((1, 2, 3, 4), (options.MaxConnectionRate, options.MaxSessionRate, options.MaxTlsConnections, options.MaxTlsRate));
        Assert.Null(Global("maxsslconn 0").MaxTlsConnections);
    }

    [Theory]
    [InlineData("http-err-codes 400-499", "400-499")]
    [InlineData("http-err-codes 400-403,410 429", "400-403,410,429")]
    [InlineData("http-err-codes -404", "400-403,405-499")]
    [InlineData("http-err-codes -400-498,+302", "302,499")]
    [InlineData("http-err-codes -400-499", "")]
    [InlineData("http-err-codes 401\nhttp-err-codes +403", "401,403")]
    public void Statuses_are_replaced_extended_and_reduced(string lines, string expected) => Assert.Equal(expected, Global(lines).ErrorStatuses);

    [Fact]
    public void Statuses_of_failures_begin_with_the_usual_ones() => Assert.Equal("502-504,506-599", Global("http-fail-codes -500").FailureStatuses);

    [Theory]
    [InlineData("http-err-codes 99", "'http-err-codes' expects statuses from 100 to 599, as in '400-499' or '-404', but got '99'.")]
    [InlineData("http-fail-codes 500-400", "'http-fail-codes' expects statuses from 100 to 599, as in '400-499' or '-404', but got '500-400'.")]
    [InlineData("http-fail-codes 5xx", "'http-fail-codes' expects statuses from 100 to 599, as in '400-499' or '-404', but got '5xx'.")]
    [InlineData("h1-case-adjust host HOSTS", "'h1-case-adjust' : <from> and <to> must not differ except the case (got 'host' and 'HOSTS').")]
    [InlineData("h1-case-adjust ho:st HO:st", "'h1-case-adjust' : 'HO:st' is not a valid header name.")]
    [InlineData("h1-case-adjust-file /none/x", "'h1-case-adjust-file' : file '/none/x' : there is no such file.")]
    public void Fault_is_told_with_its_place(string line, string expected) =>
        Assert.Equal($"parsing [a.cfg:2] : {expected}", Reading.Alert($"global\n{line}\n"));

    [Fact]
    public void Names_are_those_of_lines_and_files()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "# names\n\n  etag\tETag \nsoapaction SOAPAction\n");
        try
        {
            Assert.Equal(["Host", "ETag", "SOAPAction"], Global($"h1-case-adjust host Host\nh1-case-adjust-file {path}").HeaderNames);
            Assert.Equal("parsing [a.cfg:3] : 'h1-case-adjust-file' : duplicate entry 'etag'.", Reading.Alert($"global\nh1-case-adjust etag Etag\nh1-case-adjust-file {path}\n"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ProxyOptions Global(string lines)
    {
        var result = Reading.Of($"global\n{lines}\nfrontend f\nmode http\nbind :80\ntimeout client 1s\n");
        Assert.True(result.IsValid, result.ToString());
        return result.Options;
    }
}

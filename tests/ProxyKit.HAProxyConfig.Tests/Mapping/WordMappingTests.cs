namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>What lines come to that are about the start, about sockets, and about where requests go that go nowhere in particular.</summary>
public sealed class WordMappingTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";

    [Fact]
    public void Variables_have_values_in_the_order_of_their_lines()
    {
        var options = Reading.Of($"global\nset-var proc.a int(3)\nset-var-fmt proc.b \"x %[var(proc.a)]\"\n{Frontend}").GetOptionsOrThrow();

        Assert.Equal([("proc.a", "int(3)"), ("proc.b", "x %[var(proc.a)]")], options.Variables.Select(static v => (v.Name, v.Value.ToString())));
    }

    [Theory]
    [InlineData("set-var txn.a int(4)", "'set-var': cannot set variable 'txn.a', only scope 'proc' is permitted in the global section.")]
    [InlineData("set-var proc. int(4)", "'set-var': 'proc.' is no name of a variable: letters, digits, '_' and '.' follow 'proc.'.")]
    [InlineData("set-var proc.a", "'set-var' expects <name> <expr>.")]
    [InlineData("set-var proc.a nope", "'set-var': unknown fetch method 'nope'")]
    [InlineData("set-var-fmt proc.a %[nope]", "'set-var-fmt': ")]
    public void Variable_that_cannot_be_set_is_told(string line, string alert) =>
        Assert.StartsWith($"parsing [a.cfg:2] : {alert}", Reading.Alert($"global\n{line}\n{Frontend}"), StringComparison.Ordinal);

    [Fact]
    public void Value_that_needs_a_client_is_told_of_its_line()
    {
        var result = Reading.Of($"global\nset-var proc.a src\n{Frontend}");

        var fault = Assert.Single(Proxy.Check(result.GetOptionsOrThrow()));
        Assert.StartsWith("parsing [a.cfg:2] : sample fetch <src> may not be reliably used here", result.Locate(fault).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Exchanges_have_as_many_counters_as_global_says()
    {
        var options = Reading.Of(
            $"global\ntune.stick-counters 12\n{Frontend}stick-table type ip size 10 store gpc0\nhttp-request track-sc11 src\nhttp-request sc-inc-gpc0(11)\n").GetOptionsOrThrow();

        Assert.Empty(Proxy.Check(options));
    }

    [Fact]
    public void Process_is_as_strict_as_global_says()
    {
        var strict = Reading.Of(Frontend).GetOptionsOrThrow();
        var lenient = Reading.Of(
            "global\nh1-accept-payload-with-any-method\nh1-do-not-close-on-insecure-transfer-encoding\nharden.reject-privileged-ports.tcp on\npp2-never-send-local\n" + Frontend)
            .GetOptionsOrThrow();

        Assert.Equal((false, false, false, false), Strictness(strict));
        Assert.Equal((true, true, true, true), Strictness(lenient));
        Assert.False(Reading.Of($"global\nharden.reject-privileged-ports.tcp on\nharden.reject-privileged-ports.tcp off\n{Frontend}").GetOptionsOrThrow().RejectsPrivilegedPorts);

        static (bool, bool, bool, bool) Strictness(ProxyOptions o) =>
            (o.AcceptsBodyOfAnyMethod, o.KeepsConnectionsOfBothLengths, o.RejectsPrivilegedPorts, o.NeverSendsLocalHeader);
    }

    [Fact]
    public void Servers_are_reached_by_SOCKS_and_their_checks_where_that_is_said()
    {
        var backend = Reading.Backend(
            "option tcp-check\ntcp-check connect via-socks4\ndefault-server socks4 10.0.0.9:1080 check\nserver s1 10.0.0.1:80 check-via-socks4\nserver s2 10.0.0.2:80 socks4 10.0.0.8:1080");

        Assert.Equal(["10.0.0.9:1080", "10.0.0.8:1080"], backend.Servers.Select(static s => s.Socks4Proxy));
        Assert.Equal([true, false], backend.Servers.Select(static s => s.Check!.GoesBySocks4));
        Assert.True(Assert.IsType<ProxyKit.Checks.ConnectStep>(Assert.Single(backend.HealthCheck.Steps)).GoesBySocks4);
    }

    [Theory]
    [InlineData("socks4 10.0.0.9", "'socks4' : needs an IP address with a port (got '10.0.0.9').")]
    [InlineData("pool-conn-name nope", "'pool-conn-name' : unknown fetch method 'nope'")]
    public void Parameter_of_a_server_that_means_nothing_is_told(string parameter, string alert) => Assert.Contains(
        alert,
        Reading.Alert($"{Frontend}backend b\nmode http\ntimeout server 1s\ntimeout connect 1s\nserver s 10.0.0.1:80 {parameter}\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Connections_are_parted_by_what_their_pools_are_named_by_in_HTTP()
    {
        Assert.Equal("req.hdr(x-tenant)", Reading.Server("pool-conn-name req.hdr(x-tenant)").PoolName!.ToString());
        Assert.Null(Assert.Single(Reading.Backend("mode tcp\nserver s 10.0.0.1:80 pool-conn-name str(a)").Servers).PoolName);
    }

    [Theory]
    [InlineData("log-steps accept,close", LogSteps.Accept | LogSteps.Close)]
    [InlineData("log-steps request,connect,response", LogSteps.Request | LogSteps.Connect | LogSteps.Response)]
    [InlineData("log-steps all", LogSteps.All)]
    [InlineData("log-steps any", LogSteps.All)]
    [InlineData("", null)]
    public void Steps_that_have_lines_are_read(string line, LogSteps? steps) => Assert.Equal(steps, Reading.Frontend(line).LogSteps);

    [Fact]
    public void Step_that_there_is_none_of_is_told() => Assert.Equal(
        "parsing [a.cfg:5] : 'log-steps' expects 'accept', 'request', 'connect', 'response', 'close', 'any', 'all' with commas between (got 'end').",
        Reading.Alert($"{Frontend}log-steps accept,end\n"));

    [Theory]
    [InlineData("log stdout local0", EmptyConnectionLines.All)]
    [InlineData("log stdout local0\noption dontlognull", EmptyConnectionLines.None)]
    [InlineData("log stdout local0\noption dontlognull\nno option dontlognull", EmptyConnectionLines.All)]
    [InlineData("option dontlognull", EmptyConnectionLines.Late)] // where nothing is logged it means nothing
    public void Empty_connections_are_logged_unless_they_are_not_to_be(string lines, EmptyConnectionLines wanted) =>
        Assert.Equal(wanted, Reading.Frontend(lines).EmptyConnections);

    [Fact]
    public void Unix_sockets_are_whose_their_lines_say()
    {
        var binds = Reading.Of(
            "global\nunix-bind prefix /tmp/jail mode 770 user root\nfrontend f\nmode http\ntimeout client 1s\nbind unix@/a.sock\nbind /b.sock mode 600 uid 7 group daemon\nbind :80 mode 600 transparent\n")
            .GetOptionsOrThrow().Frontends[0].Binds;

        Assert.Equal(
            [
                ("unix@/tmp/jail/a.sock", (UnixFileMode?)Octal("770"), "root", null, false),
                ("unix@/tmp/jail/b.sock", Octal("600"), "7", "daemon", false),
                ("0.0.0.0:80", null, null, (string?)null, true),
            ],
            binds.Select(static b => (b.Address, b.SocketMode, b.SocketUser, b.SocketGroup, b.IsTransparent)));
    }

    [Theory]
    [InlineData("", "mode 0")]
    [InlineData("unix-bind mode 0", "")]
    [InlineData("unix-bind mode 770", "mode 0")]
    public void Permissions_of_zero_leave_them_as_they_are(string global, string parameters)
    {
        var result = Reading.Of($"global\n{global}\n{Frontend}bind /a.sock {parameters}\n");

        Assert.Null(result.GetOptionsOrThrow().Frontends[0].Binds[1].SocketMode);
    }

    [Theory]
    [InlineData("bind /a mode 9", "'mode' : expects permissions in octal, as 660 (got '9').")]
    [InlineData("bind /a mode 17777", "'mode' : expects permissions in octal, as 660 (got '17777').")]
    [InlineData("bind /a uid x", "'uid' : expects a number (got 'x').")]
    public void Permissions_that_are_none_are_told(string line, string alert) =>
        Assert.Equal($"parsing [a.cfg:5] : {alert}", Reading.Alert($"{Frontend}{line}\n"));

    [Theory]
    [InlineData("unix-bind mode", "'unix-bind' expects {prefix|mode|user|uid|group|gid} <value> ....")]
    [InlineData("unix-bind mode 8", "'unix-bind mode' : expects permissions in octal, as 660 (got '8').")]
    [InlineData("unix-bind owner me", "'unix-bind' only supports 'prefix', 'mode', 'user', 'uid', 'group', 'gid' (got 'owner').")]
    [InlineData("unix-bind mode 600 user", "'unix-bind user' expects a value.")]
    public void Permissions_of_all_that_are_none_are_told(string line, string alert) =>
        Assert.Equal($"parsing [a.cfg:2] : {alert}", Reading.Alert($"global\n{line}\n{Frontend}"));

    [Fact]
    public void User_that_is_not_there_is_told_of_the_bind()
    {
        var result = Reading.Of($"{Frontend}bind /a user nobody-of-this-name\n");

        var fault = Assert.Single(Proxy.Check(result.GetOptionsOrThrow()));
        Assert.Equal(
            "parsing [a.cfg:5] : frontend \"f\" > bind \"2\" > SocketUser: there is no user \"nobody-of-this-name\" in /etc/passwd, the only place where names are looked up: "
                + "those of a directory service are told by number.",
            result.Locate(fault).ToString());
    }

    [Fact]
    public void Address_for_all_takes_the_place_of_servers()
    {
        var result = Reading.Of($"{Frontend}default_backend b\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\ndispatch 10.0.0.1:80\nserver s 10.0.0.2:80\n");

        var server = Assert.Single(Assert.Single(result.GetOptionsOrThrow().Backends).Servers);
        Assert.Equal(("<NOSRV>", "10.0.0.1:80"), (server.Name, server.Address));
        Assert.Equal("parsing [a.cfg:10] : backend 'b' sends everything to the address of 'dispatch': its servers are not used.", Assert.Single(result.Warnings()));
    }

    [Theory]
    [InlineData("", "balance roundrobin\n")]
    [InlineData("defaults\nbalance roundrobin\n", "")]
    public void Address_for_all_is_ignored_where_a_balance_is_said_or_inherited(string before, string balance)
    {
        var result = Reading.Of(
            $"{before}{Frontend}default_backend b\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\ndispatch 10.0.0.1:80\nserver s 10.0.0.2:80\n{balance}");

        Assert.Equal("s", Assert.Single(Assert.Single(result.GetOptionsOrThrow().Backends).Servers).Name);
        Assert.EndsWith(" : backend 'b' has a 'balance', beside which the address of 'dispatch' is ignored.", Assert.Single(result.Warnings()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dispatch 10.0.0.1", "'dispatch' : missing port specification in '10.0.0.1'.")]
    [InlineData("dispatch 10.0.0.1:80 x", "'dispatch' cannot handle unexpected argument 'x'.")]
    [InlineData("balance roundrobin\noption transparent", "backend 'b' cannot have both 'option transparent' and 'balance'.", 10)]
    [InlineData("option transparent\nserver s 10.0.0.1:80", "backend 'b' has servers, beside which 'option transparent' is not supported.")]
    public void Address_that_cannot_be_used_is_told(string lines, string alert, int line = 9) =>
        Assert.Equal($"parsing [a.cfg:{line}] : {alert}", Reading.Alert($"{Frontend}backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{lines}\n"));

    [Fact]
    public void Requests_go_where_their_clients_wanted_to_go()
    {
        var server = Assert.Single(Reading.Backend("option transparent").Servers);

        Assert.Equal(("<NOSRV>", "0.0.0.0:+0"), (server.Name, server.Address));
    }

    [Fact]
    public void Backend_that_is_disabled_is_known_where_requests_may_lead_there()
    {
        var options = Reading.Of($"{Frontend}use_backend off\ndefault_backend b\nbackend off\ndisabled\nbackend b\nmode tcp\ndisabled\nserver s 10.0.0.1:80\n").GetOptionsOrThrow();

        var backend = Assert.Single(options.Backends);
        Assert.Equal(("b", true, ProxyMode.Http, 0), (backend.Name, backend.IsDisabled, backend.Mode, backend.Servers.Count));
        Assert.Empty(options.Frontends[0].Routes);
    }

    [Fact]
    public void Backend_that_is_disabled_fits_frontends_of_any_mode()
    {
        var result = Reading.Of(
            $"{Frontend}default_backend off\nfrontend g\nmode tcp\ntimeout client 1s\nbind :81\ndefault_backend off\nbackend off\ndisabled\nserver s 10.0.0.1:80\n");

        Assert.Empty(Proxy.Check(result.GetOptionsOrThrow()));
    }

    [Theory]
    [InlineData("option accept-unsafe-violations-in-http-request")]
    [InlineData("option accept-invalid-http-request")]
    public void Violations_in_requests_are_let_pass(string line) => Assert.True(Reading.Frontend(line).AcceptsUnsafeRequests);

    [Theory]
    [InlineData("option accept-unsafe-violations-in-http-response")]
    [InlineData("option accept-invalid-http-response")]
    public void Violations_in_responses_are_let_pass(string line) => Assert.True(Reading.Backend(line).AcceptsUnsafeResponses);

    private static UnixFileMode Octal(string digits) => (UnixFileMode)Convert.ToInt32(digits, 8);
}

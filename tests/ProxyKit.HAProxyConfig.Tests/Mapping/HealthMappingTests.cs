using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Variables;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class HealthMappingTests
{
    [Fact]
    public void Server_that_says_nothing_is_not_checked()
    {
        var server = Reading.Server("");

        Assert.Null(server.Check);
        Assert.Null(server.Agent);
        Assert.Equal((false, InitialServerState.Up), (server.StartsInMaintenance, server.InitialState));
    }

    [Fact]
    public void Check_has_HAProxys_defaults()
    {
        var check = Reading.Server("check").Check!;

        Assert.Equal((TimeSpan.FromSeconds(2), 2, 3), (check.Interval, check.Rise, check.Fall));
        Assert.Equal((null, null, null), (check.FastInterval, check.Port, check.Address));
    }

    [Fact]
    public void Parameters_of_a_check_are_its_options()
    {
        var server = Reading.Server(
            "check inter 3s fastinter 500ms downinter 10s rise 4 fall 5 port 81 addr 10.0.0.9 init-state fully-down disabled on-marked-down shutdown-sessions on-marked-up shutdown-backup-sessions");
        var check = server.Check!;

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10)), (check.Interval, check.FastInterval!.Value, check.DownInterval!.Value));
        Assert.Equal((4, 5, 81, "10.0.0.9"), (check.Rise, check.Fall, check.Port, check.Address));
        Assert.Equal((InitialServerState.FullyDown, true, true, true), (server.InitialState, server.StartsInMaintenance, server.CutsSessionsWhenDown, server.CutsBackupSessionsWhenUp));
    }

    [Fact]
    public void Default_server_says_it_for_all()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Reading.Server("check", "default-server inter 7s").Check!.Interval);
        Assert.Null(Reading.Server("no-check", "default-server check").Check);
    }

    [Fact] // HC-02
    public void Checks_are_spread_as_the_process_is_told()
    {
        var options = Reading.Of("global\nspread-checks 25\nmax-spread-checks 1500ms\nfrontend f\nmode http\nbind :80\ntimeout client 1s\n").Options!;

        Assert.Equal((25, TimeSpan.FromMilliseconds(1500)), (options.CheckSpreadPercent, options.MaxCheckStartSpread));
    }

    [Fact]
    public void Observation_is_of_the_server()
    {
        var observe = Reading.Server("check observe layer7 error-limit 50 on-error mark-down").Observe!;

        Assert.Equal((ObservedLayer.Responses, 50, ErrorReaction.MarkDown), (observe.Layer, observe.ErrorLimit, observe.Reaction));
        Assert.Null(Reading.Server("check observe none").Observe);
    }

    [Fact]
    public void Addresses_of_checks_may_tell_their_family()
    {
        var server = Reading.Server("check port 0 addr ipv4@127.0.0.1 agent-check agent-port 9707 agent-addr ipv6@::1");
        var connect = Reading.Backend("option tcp-check\ntcp-check connect addr ipv4@10.0.0.9:81").HealthCheck.Steps[0];

        Assert.Equal((null, "127.0.0.1", "::1"), (server.Check!.Port, server.Check.Address, server.Agent!.Address));
        Assert.Equal((81, "10.0.0.9"), (Assert.IsType<ConnectStep>(connect).Port, Assert.IsType<ConnectStep>(connect).Address));
    }

    [Theory]
    [InlineData("server s 10.0.0.1:80 observe layer4")]
    [InlineData("server s 10.0.0.1:80 check track t\nserver t 10.0.0.2:80 check")]
    [InlineData("http-check expect status 200-abc")]
    [InlineData("http-check send uri \"/a b\"")]
    public void Fault_of_a_check_is_told_with_its_line(string lines) =>
        Assert.StartsWith("parsing [a.cfg:2] : ", Reading.Alert($"backend b\n{lines}\n"), StringComparison.Ordinal);

    [Fact]
    public void Agent_is_of_the_server()
    {
        var agent = Reading.Server("agent-check agent-port 9707 agent-addr 10.0.0.7 agent-inter 5s agent-send \"hello\\n\"").Agent!;

        Assert.Equal((9707, "10.0.0.7", TimeSpan.FromSeconds(5), "hello\n"), (agent.Port, agent.Address, agent.Interval, agent.Send));
    }

    [Fact]
    public void Http_check_is_the_request_of_the_option_unless_lines_say_more()
    {
        var check = Reading.Backend("option httpchk GET /a\nhttp-check send ver HTTP/1.1 hdr Host h\nhttp-check expect status 204\nhttp-check disable-on-404").HealthCheck;

        Assert.Equal((HealthCheckKind.Http, true), (check.Kind, check.DisableOn404));
        var send = Assert.IsType<HttpSendStep>(check.Steps[0]);
        Assert.Equal(("GET", "/a", "HTTP/1.1"), (send.Method, send.Target, send.Version));
        Assert.Equal("h", Assert.Single(send.Headers).Value);
        Assert.Equal("204", Assert.IsType<HttpExpectStep>(check.Steps[1]).Pattern);
    }

    [Fact]
    public void Script_is_its_lines()
    {
        var steps = Reading.Backend("option tcp-check\ntcp-check connect port 81 ssl\ntcp-check send \"PÏNG\\r\\n\"\ntcp-check send-binary 0a0B\ntcp-check expect ! rstring ^x comment c").HealthCheck.Steps;

        Assert.Equal((81, true), (Assert.IsType<ConnectStep>(steps[0]).Port, Assert.IsType<ConnectStep>(steps[0]).UsesTls));
        Assert.Equal("PÏNG\r\n", Encoding.UTF8.GetString(Assert.IsType<SendStep>(steps[1]).Bytes.Span));
        Assert.Equal([10, 11], Assert.IsType<SendStep>(steps[2]).Bytes.ToArray());
        var expect = Assert.IsType<ExpectStep>(steps[3]);
        Assert.Equal((CheckPattern.Regex, "^x", true, "c"), (expect.Kind, expect.Pattern, expect.IsNegated, expect.Comment));
    }

    [Fact]
    public void Variables_and_formats_are_steps()
    {
        var steps = Reading.Backend(
            "option tcp-check\ntcp-check set-var(check.p,ifnotset) int(81)\ntcp-check connect port var(check.p)\ntcp-check send-binary-lf %[str(a),hex]0a\n"
            + "tcp-check expect string-lf %[var(check.p)] status-code int(5) on-error \"no %[srv_name]\"\ntcp-check set-var-fmt(check.t) %[be_name]-x\ntcp-check unset-var(check.p)").HealthCheck.Steps;

        var set = Assert.IsType<SetVariableStep>(steps[0]);
        Assert.Equal(("check.p", "int(81)", VariableConditions.IfNotSet), (set.Variable, set.Value.ToString(), set.Conditions));
        Assert.Equal("var(check.p)", Assert.IsType<ConnectStep>(steps[1]).PortValue?.ToString());
        Assert.True(Assert.IsType<SendStep>(steps[2]).IsHexadecimal);
        var expect = Assert.IsType<ExpectStep>(steps[3]);
        Assert.Equal(
            ("%[var(check.p)]", "int(5)", "no %[srv_name]"),
            (expect.PatternFormat?.ToString(), expect.StatusCode?.ToString(), expect.ErrorFormat?.ToString()));
        Assert.Equal("%[be_name]-x", Assert.IsType<SetVariableStep>(steps[4]).Value.ToString());
        Assert.Equal("check.p", Assert.IsType<UnsetVariableStep>(steps[5]).Variable);
    }

    [Fact]
    public void Format_that_is_always_the_same_is_its_text()
    {
        var send = Assert.IsType<HttpSendStep>(Reading.Backend("option httpchk\nhttp-check send uri-lf /100%% hdr x 5%%").HealthCheck.Steps[0]);

        Assert.Equal(("/100%", "5%"), (send.Target, Assert.Single(send.Headers).Value));
    }

    [Fact]
    public void Fields_keep_their_order_where_one_of_them_is_a_format()
    {
        var send = Assert.IsType<HttpSendStep>(Reading.Backend("option httpchk GET / HTTP/1.1 %[be_name]\nhttp-check send hdr a 1 hdr b %[src] hdr c 3").HealthCheck.Steps[0]);

        Assert.Equal("a", Assert.Single(send.Headers).Key);
        Assert.Equal(["b", "c"], send.HeaderFormats.Select(static f => f.Key));
    }

    [Fact]
    public void Server_takes_the_check_of_the_section_that_it_names()
    {
        var result = Reading.Of(
            "frontend f\n mode http\n timeout client 1s\n bind :80\nhealthcheck live\n type httpchk GET /live\n http-check expect status 204\n"
            + "backend b\n mode http\n timeout connect 1s\n timeout server 1s\n server s1 10.0.0.1:80 check healthcheck live\n server s2 10.0.0.2:80 check\n");

        Assert.True(result.IsValid, result.ToString());
        var servers = result.Options.Backends[0].Servers;
        Assert.Equal("/live", Assert.IsType<HttpSendStep>(servers[0].HealthCheck!.Steps[0]).Target);
        Assert.Null(servers[1].HealthCheck);
    }

    [Theory]
    [InlineData("healthcheck live\n type httpchk\nbackend b\n server s 10.0.0.1:80 check healthcheck life\n", "unable to find the healthcheck section 'life'; did you mean 'live' maybe ?")]
    [InlineData("healthcheck live\n http-check expect status 200\n", "healthcheck section 'live' has no 'type'")]
    [InlineData("healthcheck live\n type nothing\n", "'type' only supports 'httpchk', 'tcp-check'")]
    [InlineData("healthcheck live\n type redis-check x\n", "'type redis-check' cannot handle unexpected argument 'x'")]
    [InlineData("backend b\n option tcp-check\n tcp-check set-var() int(1)\n", "'tcp-check set-var' : missing variable name between brackets")]
    [InlineData("backend b\n option tcp-check\n tcp-check send-lf %[nothing]\n", "unknown fetch method 'nothing'")]
    [InlineData("backend b\n timeout connect(5) 5s\n", "'timeout' expects")]
    public void What_is_wrong_with_a_check_is_told(string text, string fault) =>
        Assert.Contains(fault, string.Join('\n', Reading.Of($"frontend f\n timeout client 1s\n bind :80\n{text}").Alerts()), StringComparison.Ordinal);

    [Fact]
    public void Rules_of_a_section_take_the_place_of_inherited_ones()
    {
        var result = Reading.Of(
            "defaults\n mode http\n timeout connect 1s\n timeout server 1s\n timeout client 1s\n option httpchk\n http-check expect status 201\nfrontend f\n bind :80\nbackend a\nbackend b\n http-check expect status 202\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(["201", "202"], result.Options.Backends.Select(static b => b.HealthCheck.Steps.OfType<HttpExpectStep>().Single().Pattern));
    }

    [Theory] // what HAProxy sends is "send"; null for nothing at all
    [InlineData("option httpchk", "option httpchk HEAD /new", "HEAD /new", "")]
    [InlineData("option httpchk\nhttp-check send meth GET uri /old hdr x y\nhttp-check expect status 201", "option httpchk HEAD /new", "HEAD /new", "")]
    [InlineData("option httpchk\nhttp-check send meth GET uri /old hdr x y\nhttp-check expect status 201", "", "GET /old", "x 201")]
    [InlineData("option httpchk\nhttp-check send meth GET uri /old\nhttp-check expect status 201", "option tcp-check\noption httpchk", "OPTIONS /", "")]
    [InlineData("option httpchk PUT /old", "http-check send hdr x y", "OPTIONS /", "x")]
    [InlineData("option httpchk PUT /old", "http-check expect status 204", null, "204")]
    [InlineData("option httpchk PUT /old", "http-check connect port 81", null, "")]
    [InlineData("option httpchk PUT /old", "http-check comment hello", null, "")]
    [InlineData("option httpchk PUT /old", "http-check disable-on-404\nhttp-check send-state", "PUT /old", "")]
    [InlineData("option httpchk PUT /old", "http-check expect status 204\noption httpchk /new", "OPTIONS /new", "204")]
    [InlineData("", "http-check send uri /e hdr x y\noption httpchk HEAD /new", "HEAD /new", "x")]
    [InlineData("", "http-check send uri /e\noption httpchk", "OPTIONS /e", "")]
    [InlineData("", "option httpchk GET /a\nhttp-check send hdr x y\noption httpchk", "GET /a", "x")]
    [InlineData("", "option httpchk GET /a\nhttp-check send hdr x y\noption httpchk /b", "GET /b", "x")]
    [InlineData("", "option httpchk GET /a\noption httpchk /c", "OPTIONS /c", "")]
    public void Http_check_sends_what_HAProxys_does(string inherited, string own, string? request, string rest)
    {
        var result = Reading.Of(
            $"defaults\nmode http\ntimeout connect 1s\ntimeout server 1s\ntimeout client 1s\n{inherited}\nfrontend f\nbind :80\nbackend b\n{own}\nserver s 10.0.0.1:80 check\n");

        Assert.True(result.IsValid, result.ToString());
        var check = Assert.Single(result.Options.Backends).HealthCheck;
        var send = check.Steps.OfType<HttpSendStep>().SingleOrDefault();
        var words = check.Steps.SelectMany(static s => s is HttpSendStep sent ? sent.Headers.Select(static h => h.Key) : s is HttpExpectStep expect ? [expect.Pattern] : []);
        Assert.Equal((request, rest), (send is null ? null : $"{send.Method} {send.Target}", string.Join(' ', words)));
        Assert.Equal(request is not null, check.SendsRequest);
        Assert.Equal(request is null, result.Warnings().Any(static w => w.Contains("its check sends nothing", StringComparison.Ordinal)));
    }

    [Fact]
    public void Comment_of_a_script_takes_the_place_of_inherited_steps()
    {
        var result = Reading.Of(
            "defaults\ntimeout connect 1s\ntimeout server 1s\ntimeout client 1s\noption tcp-check\ntcp-check send old\nfrontend f\nbind :80\nbackend a\ntcp-check comment c\nbackend b\noption tcp-check\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal([0, 1], result.Options.Backends.Select(static b => b.HealthCheck.Steps.Count));
    }

    [Theory]
    [InlineData("", "option mysql-check user a pre-41", true)]
    [InlineData("option mysql-check user a pre-41", "", true)]
    [InlineData("option mysql-check user a pre-41", "option mysql-check user b", false)]
    [InlineData("", "option mysql-check user a pre-41\noption mysql-check user b", false)]
    [InlineData("", "option mysql-check user a pre-41\noption mysql-check", false)]
    public void Old_login_is_of_the_last_line(string inherited, string own, bool isOld)
    {
        var result = Reading.Of($"defaults\ntimeout connect 1s\ntimeout server 1s\ntimeout client 1s\n{inherited}\nfrontend f\nbind :80\nbackend b\n{own}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(isOld, Assert.Single(result.Options.Backends).HealthCheck.UsesOldLogin);
    }

    [Theory]
    [InlineData("addr 10.0.0.2", "addr 10.0.0.3", "10.0.0.3")]
    [InlineData("addr 10.0.0.2", "", "10.0.0.2")]
    [InlineData("agent-addr 10.0.0.2", "addr 10.0.0.3", "10.0.0.2")]
    [InlineData("", "agent-addr 10.0.0.2 addr 10.0.0.3", "10.0.0.2")]
    [InlineData("", "addr 10.0.0.3 agent-addr 10.0.0.2", "10.0.0.2")]
    public void Agent_is_asked_where_checks_go_unless_it_has_an_address(string ofAll, string own, string address) =>
        Assert.Equal(address, Reading.Server($"agent-check agent-port 9000 {own}", ofAll.Length > 0 ? $"default-server {ofAll}" : "").Agent!.Address);

    [Fact]
    public void Agent_has_an_interval_of_its_own()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), Reading.Server("check inter 500ms agent-check agent-port 9000").Agent!.Interval);
        Assert.Equal(TimeSpan.FromSeconds(3), Reading.Server("check inter 500ms agent-check agent-port 9000 agent-inter 3s").Agent!.Interval);
    }

    [Fact]
    public void Last_option_names_the_kind()
    {
        Assert.Equal(HealthCheckKind.Redis, Reading.Backend("option httpchk\noption redis-check").HealthCheck.Kind);
        Assert.Equal(HealthCheckKind.Http, Reading.Backend("option redis-check\noption httpchk").HealthCheck.Kind);
    }

    [Fact]
    public void Monitor_is_of_the_frontend()
    {
        var frontend = Reading.Frontend("monitor-uri /alive\nmonitor fail if { src 10.0.0.1 }");

        Assert.Equal(("/alive", 1), (frontend.MonitorTarget, frontend.MonitorFailures.Count));
    }

    [Theory]
    [InlineData("server s 10.0.0.1:80 observe layer4", "'server s' : 'observe' needs 'check': nothing else would bring the server back.")]
    [InlineData("mode tcp\n server s 10.0.0.1:80 check observe layer7", "'server s' : 'layer7' can only be used in http proxies.")]
    [InlineData("http-check expect status 200-abc", "'http-check expect' : invalid status codes range: '200-abc'.")]
    [InlineData("http-check expect status 299-200", "'http-check expect' : invalid status codes range: '299-200'.")]
    [InlineData("http-check send uri \"/a b\"", "'http-check send' : 'uri' expects a text without spaces and line ends (got '/a b').")]
    [InlineData("http-check send hdr \"a b\" c", "'http-check send' : 'hdr' expects the name of a header field (got 'a b').")]
    [InlineData("server s 10.0.0.1:80 check addr ipv6@127.0.0.1", "'addr' : invalid address: 'ipv6@127.0.0.1'.")]
    [InlineData("server s 10.0.0.1:80 check observe foo", "'observe' expects one of 'none', 'layer4', 'layer7' but got 'foo'.")]
    [InlineData("server s 10.0.0.1:80 check on-error foo", "'on-error' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but got 'foo'.")]
    [InlineData("server s 10.0.0.1:80 check error-limit 0", "error-limit has to be > 0.")]
    [InlineData("server s 10.0.0.1:80 check rise 0", "'rise' has to be > 0.")]
    [InlineData("server s 10.0.0.1:80 check inter 0", "invalid value 0 for argument 'inter'.")]
    [InlineData("server s 10.0.0.1:80 check port 70000", "'port' expects an integer from 0 to 65535 (got '70000').")]
    [InlineData("server s 10.0.0.1:80 track x", "'server b/s' : unable to find required server 'x' for tracking.")]
    [InlineData("server s 10.0.0.1:80 track n/x", "'server b/s' : unable to find required proxy 'n' for tracking.")]
    [InlineData("server s 10.0.0.1:80 track b/s", "'server b/s' : unable to track b/s as it belongs to a tracking chain looping back to b/s.")]
    [InlineData("server s 10.0.0.1:80 track t\n server t 10.0.0.2:80", "'server b/s' : unable to use b/t for tracking as it does not have any check nor agent enabled.")]
    [InlineData("server s 10.0.0.1:80 check track t\n server t 10.0.0.2:80 check", "'server b/s' : unable to enable checks and tracking at the same time!")]
    [InlineData("server s 10.0.0.1:80 agent-check", "server s does not have agent port. Agent check has been disabled.")]
    [InlineData("server s 10.0.0.1:80 agent-check agent-port 9000 agent-addr 127.0.0.1:9001", "'agent-addr' : parsing agent-addr failed. Check if '127.0.0.1:9001' is correct address.")]
    [InlineData("server s 10.0.0.1:80 agent-check agent-port 9000 agent-addr [::1]:0", "'agent-addr' : parsing agent-addr failed. Check if '[::1]:0' is correct address.")]
    [InlineData("server s 10.0.0.1:80 agent-check agent-port 9000 agent-addr 127.0.0.1:", "'agent-addr' : parsing agent-addr failed. Check if '127.0.0.1:' is correct address.")]
    [InlineData("server s 10.0.0.1:80 on-marked-down foo", "'on-marked-down' expects 'shutdown-sessions' but got 'foo'.")]
    [InlineData("http-check expect foo", "'http-check expect' : only supports min-recv")]
    [InlineData("http-check expect status", "'http-check expect' : 'status' expects a pattern as argument.")]
    [InlineData("http-check connect sni", "'http-check connect' : 'sni' expects a string as argument.")]
    [InlineData("http-check connect comment", "'http-check connect' : 'comment' expects a string as argument.")]
    [InlineData("tcp-check connect comment \"\"", "'tcp-check connect' : 'comment' expects a string as argument.")]
    [InlineData("http-check expect status 200 comment", "'http-check expect' : 'comment' expects a string as argument.")]
    [InlineData("tcp-check expect comment", "'tcp-check expect' : 'comment' expects a string as argument.")]
    [InlineData("tcp-check send x comment", "'tcp-check send' : 'comment' expects a string as argument.")]
    [InlineData("http-check send foo bar", "'http-check send' : expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf' but got 'foo' as argument.")]
    [InlineData("http-check send hdr X %[nothing]", "'http-check send' : failed to parse sample expression <nothing> : unknown fetch method 'nothing'.")]
    [InlineData("tcp-check send x\n tcp-check connect", "first step MUST also be a 'connect'")]
    [InlineData("tcp-check expect rstring (", "'tcp-check expect' : regex '(' is invalid (error=")]
    [InlineData("tcp-check expect rstring [[:digits:]]", "'tcp-check expect' : regex '[[:digits:]]' is invalid (error=unknown POSIX class name")]
    [InlineData("tcp-check expect binary 0", "'tcp-check expect' : invalid binary string (an even number of hex digit is expected).")]
    [InlineData("option mysql-check user", "'option mysql-check user' expects <username> as argument.")]
    [InlineData("option mysql-check foo", "'option mysql-check' only supports optional values: 'user' (got 'foo').")]
    [InlineData("option pgsql-check", "'option pgsql-check' expects 'user <username>' as argument.")]
    [InlineData("option httpchk GET / HTTP/2.0", "'option httpchk' : version 'HTTP/2.0' is not supported: checks speak HTTP/1.0 and HTTP/1.1.")]
    [InlineData("option external-check\n external-check command /bin/true", "Proxy 'b' : 'option external-check' unable to find required 'global.external-check'.")]
    public void Line_that_cannot_be_run_is_told(string lines, string message)
    {
        var result = Reading.Of($"backend b\n mode http\n timeout connect 1s\n timeout server 1s\n {lines}\nfrontend f\n mode http\n timeout client 1s\n bind :80\n default_backend b\n");

        Assert.Contains(result.Alerts(), alert => alert.Contains(message, StringComparison.Ordinal));
    }

    /// <summary>HAProxy looks at the order of the lines that follow the option, which begins the list.</summary>
    [Theory]
    [InlineData("expect status 200;send uri /b", "'http-check send' : unable to add http-check send rule at step 2 (missing connect rule).")]
    [InlineData("send uri /;expect status 200;send uri /b", "'http-check send' : unable to add http-check send rule at step 3 (missing connect rule).")]
    [InlineData("set-var(check.a) int(1);expect status 200;unset-var(check.a);send uri /b", "'http-check send' : unable to add http-check send rule at step 4 (missing connect rule).")]
    [InlineData("send uri /;send uri /b", "'http-check send' : unable to add http-check send rule at step 2 (missing connect rule).")]
    [InlineData("send uri /;comment x;send uri /b", "'http-check send' : unable to add http-check send rule at step 2 (missing connect rule).")]
    [InlineData("connect;expect status 200", "'http-check expect' : unable to add http-check expect rule at step 2 (missing send rule).")]
    [InlineData("connect;set-var(check.a) int(1);expect status 200", "'http-check expect' : unable to add http-check expect rule at step 3 (missing send rule).")]
    [InlineData("connect;connect", "'http-check connect' : unable to add http-check connect rule at step 2 (missing expect rule).")]
    [InlineData("connect;send uri /;connect", "'http-check connect' : unable to add http-check connect rule at step 3 (missing expect rule).")]
    [InlineData("expect status 200;expect string x", null)]
    [InlineData("set-var(check.a) int(1);send uri /;expect status 200", null)]
    [InlineData("connect;send uri /;expect status 200;connect;comment x;send uri /b;expect status 200", null)]
    public void Order_of_the_steps_of_a_check_by_HTTP_is_looked_at(string steps, string? message)
    {
        var lines = steps.Replace(";", "\n http-check ", StringComparison.Ordinal);
        var inBackend = Reading.Of($"frontend f\n bind :80\n timeout client 1s\nbackend b\n option httpchk\n http-check {lines}\n").Alerts();
        var inSection = Reading.Of($"frontend f\n bind :80\n timeout client 1s\nhealthcheck h\n type httpchk\n http-check {lines}\n").Alerts();

        Assert.Equal(message is null ? null : $"parsing [a.cfg:{5 + steps.Split(';').Length}] : {message}", inBackend.SingleOrDefault());
        Assert.Equal(inBackend, inSection);
    }

    [Theory]
    [InlineData("backend b\n http-check expect status 200\n http-check send uri /b\n option httpchk")]
    [InlineData("backend b\n http-check expect status 200\n http-check send uri /b")]
    [InlineData("defaults\n option httpchk\n http-check expect status 200\nbackend b\n http-check send uri /b")]
    public void Order_of_steps_that_no_option_stands_before_is_not(string lines) =>
        Assert.Empty(Reading.Of($"frontend f\n bind :80\n timeout client 1s\n{lines}\n").Alerts());

    /// <summary>Which of two states a 404 is would be one thing here and another there.</summary>
    [Fact]
    public void Tracking_across_backends_that_read_a_404_differently_is_told_with_its_line()
    {
        var result = Reading.Of(
            "defaults\n mode http\n timeout connect 1s\n timeout server 1s\n timeout client 1s\n"
            + "backend a\n option httpchk\n http-check disable-on-404\n server s 10.0.0.1:80 check\n"
            + "backend b\n server s 10.0.0.1:80 track a/s\nfrontend f\n bind :80\n default_backend b\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(
            "parsing [a.cfg:11] : backend \"b\" > server \"s\" > Track: 'a/s' cannot be tracked from here: DisableOn404 has to be the same in both backends.",
            result.Locate(Assert.Single(Proxy.Check(result.Options))).ToString());
    }
}

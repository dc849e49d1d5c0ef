using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Variables;
using ProxyKit.Runtime;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Checks;

/// <summary>What checks keep for their time, and what they make of it, over sockets.</summary>
public sealed class CheckVariableTests
{
    [Fact]
    public Task Text_that_has_come_is_sent_on() => PassesAsync(
        "hello 42\n",
        static c => c
            .Connect()
            .Expect("\n")
            .SetVariable("check.nonce", Value.Parse("res.payload(6,2)"))
            .Send(Raw("AUTH %[var(check.nonce)]\n"))
            .Expect("AUTH 42"));

    [Fact]
    public Task Bytes_are_sent_that_digits_stand_for() => PassesAsync(
        "",
        static c => c
            .Connect()
            .Step(new SendStep { Format = Raw("%[str(AB),hex]0a"), IsHexadecimal = true })
            .Expect("AB\n"));

    [Fact]
    public async Task Digits_that_are_none_fail_the_check()
    {
        var result = await CheckAsync(
            "", b => b.CheckTcp(c => c.Connect().Step(new SendStep { Format = Raw("%[str(zz)]"), IsHexadecimal = true }).Expect("x")));

        Assert.Equal((CheckStatus.Layer7Invalid, "tcp-check send : failed to build log-format string at step 2"), (result.Status, result.Info));
    }

    [Fact]
    public async Task Port_is_that_of_a_variable()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = EchoAsync(other, "other\n");
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var result = await CheckAsync(
            "this\n",
            b => b.CheckTcp(c => c
                .SetVariable("check.port", Value.Parse($"int({port})"))
                .Connect(Value.Parse("var(check.port)"))
                .Expect("other")));

        Assert.Equal(CheckStatus.Layer7Passed, result.Status);
        await answering.InTimeAsync();
    }

    [Fact]
    public Task Variable_that_was_unset_has_no_value() => PassesAsync(
        "",
        static c => c
            .Connect()
            .SetVariable("check.a", Value.Text("x"))
            .UnsetVariable("check.a")
            .Send(Raw("<%[var(check.a)]>"))
            .Expect("<>"));

    [Fact]
    public Task Variable_that_is_set_keeps_its_value_where_it_is_only_to_be_set_when_it_has_none() => PassesAsync(
        "",
        static c => c
            .Connect()
            .SetVariable("check.a", Value.Text("first"))
            .SetVariable("check.a", Value.Text("second"), VariableConditions.IfNotSet)
            .Send(Raw("%[var(check.a)]"))
            .Expect("first"));

    [Fact]
    public async Task Variable_lives_no_longer_than_its_check()
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var told = ToldTwiceAsync(listener);
        await using var proxy = Make(log, listener, static b => b
            .CheckTcp(static c => c
                .Every(TimeSpan.FromMilliseconds(200))
                .Connect()
                .Send(Raw("<%[var(check.seen)]>"))
                .SetVariable("check.seen", Value.Text("yes"))));

        await proxy.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["<>", "<>"], await told.InTimeAsync());
    }

    [Fact]
    public async Task Request_is_put_together_from_what_is_known()
    {
        var result = await CheckAsync(
            "",
            b => b.CheckHttp("GET", "/", c => c
                .SetVariable("check.path", Value.Text("/ready"))
                .Request(new HttpSendStep
                {
                    Method = "POST",
                    TargetFormat = Value.Format("%[var(check.path)]"),
                    Headers = [new("X-First", "1")],
                    HeaderFormats = [new("X-Backend", Value.Format("%[be_name]/%[srv_name]")), new("X-None", Value.Format("%[var(check.none)]"))],
                    BodyFormat = Raw("%[be_name]"),
                })
                .Step(new HttpExpectStep { Kind = HttpExpectation.Body, Pattern = "POST /ready HTTP/1.0\r\nx-first: 1\r\nx-backend: b/s\r\ncontent-length: 1\r\n\r\nb" })),
            echoesHttp: true);

        Assert.Equal((CheckStatus.Layer7Passed, 200), (result.Status, result.Code));
    }

    [Fact]
    public async Task Target_that_would_end_the_request_line_is_never_sent()
    {
        var result = await CheckAsync(
            "", b => b.CheckHttp("GET", "/", c => c.Request(new HttpSendStep { TargetFormat = Value.Parse("str(\"/ HTTP/1.0\")") })), echoesHttp: true);

        Assert.Equal((CheckStatus.Layer7Invalid, "http-check send : failed to build a request at step 1"), (result.Status, result.Info));
    }

    [Fact]
    public async Task What_is_told_of_a_response_can_be_of_the_response()
    {
        var result = await CheckAsync(
            "",
            b => b.CheckHttp("GET", "/here", c => c.Step(new HttpExpectStep
            {
                Kind = HttpExpectation.Status,
                Pattern = "200",
                SuccessFormat = Raw("%[status] %[res.hdr(x-echo)] %[res.body,length]"),
                StatusCode = Value.Parse("int(777)"),
            })),
            echoesHttp: true);

        Assert.Equal((777, "200 yes 22"), (result.Code, result.Info));
    }

    [Fact]
    public async Task Field_is_compared_with_what_a_format_makes()
    {
        var result = await CheckAsync(
            "",
            b => b.CheckHttp("GET", "/", c => c
                .SetVariable("check.want", Value.Text("yes"))
                .Step(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = "x-echo", ValueFormat = Raw("%[var(check.want)]") })),
            echoesHttp: true);

        Assert.Equal(CheckStatus.Layer7Passed, result.Status);
    }

    [Fact]
    public async Task Server_can_be_checked_in_a_way_of_its_own()
    {
        var own = new HealthCheckOptions { Kind = HealthCheckKind.Script };
        own.Steps.Add(new ConnectStep());
        own.Steps.Add(new ExpectStep { Kind = CheckPattern.Text, Pattern = "banner" });

        var result = await CheckAsync("banner\n", b => b.CheckHttp("GET", "/"), s => s.Check(own));

        Assert.Equal((CheckStatus.Layer7Passed, "(tcp-check)"), (result.Status, result.Info));
    }

    [Fact]
    public async Task Value_that_a_check_cannot_ask_for_is_a_fault_of_the_configuration()
    {
        await using var proxy = Proxy.Create(p => p
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
            .AddBackend("b", static b => b.CheckTcp(c => c.Connect().Send(Value.Parse("req.hdr(host)"))).AddServer("s", "127.0.0.1:1")));

        var fault = await Assert.ThrowsAsync<ProxyConfigurationException>(() => proxy.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("backend \"b\" > HealthCheck: sample fetch <req.hdr> may not be reliably used here", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    /// <summary>A server that greets, and then says again what it is told, passes such a check.</summary>
    private static async Task PassesAsync(string greeting, Action<CheckBuilder> steps) =>
        Assert.Equal(CheckStatus.Layer7Passed, (await CheckAsync(greeting, b => b.CheckTcp(steps))).Status);

    private static Expression Raw(string format) => Value.Format(format, use: FormatUse.Raw);

    private static Proxy Make(RecordingLoggerProvider log, TcpListener listener, Action<BackendBuilder> configure, Action<ServerBuilder>? server = null) => Proxy.Create(
        p => p
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
            .AddBackend("b", b =>
            {
                configure(b.Configure(static o => o.LogsHealthChecks = true));
                b.AddServer("s", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", server ?? (static _ => { }));
            }),
        log);

    /// <summary>What the first check of a server finds that greets, and then says again what it is told.</summary>
    private static async Task<CheckResult> CheckAsync(
        string greeting, Action<BackendBuilder> configure, Action<ServerBuilder>? server = null, bool echoesHttp = false)
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = EchoAsync(listener, greeting, echoesHttp);
        await using var proxy = Make(log, listener, configure, server);

        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await log.WaitForAsync(static e => e.Message.StartsWith("Health check for server b/s", StringComparison.Ordinal));
        return proxy.GetServers("b")[0].LastCheck!.Value; // it has been checked
    }

    /// <summary>What two checks have sent; one that came to nothing on a busy machine is none of them.</summary>
    private static async Task<string[]> ToldTwiceAsync(TcpListener listener)
    {
        var told = new List<string>();
        var buffer = new byte[256];
        while (told.Count < 2)
        {
            using var socket = await listener.AcceptSocketAsync();
            try
            {
                if (await socket.ReceiveAsync(buffer) is var count and > 0)
                {
                    told.Add(Encoding.Latin1.GetString(buffer, 0, count));
                }
            }
            catch (SocketException)
            {
                // The check has broken it off.
            }
        }

        return [.. told];
    }

    private static async Task EchoAsync(TcpListener listener, string greeting, bool isHttp = false)
    {
        using var socket = await listener.AcceptSocketAsync();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(greeting));
            var buffer = new byte[4096];
            for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;)
            {
                byte[] head = isHttp ? Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Echo: yes\r\nContent-Length: {count}\r\n\r\n") : [];
                await socket.SendAsync((byte[])[.. head, .. buffer.AsSpan(0, count)]); // in one piece: a check that looks at the head does not wait for a body
            }
        }
        catch (SocketException)
        {
            // The check has broken it off.
        }
    }
}

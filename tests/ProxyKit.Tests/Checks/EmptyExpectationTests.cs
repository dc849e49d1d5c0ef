using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Checks;

/// <summary>Expectations made from what is not there: they are found in no answer, and not in every one.</summary>
public sealed class EmptyExpectationTests
{
    private static readonly Expression Nothing = Value.Format("%[var(check.none)]", use: FormatUse.Raw);

    [Theory]
    [InlineData(CheckPattern.Text, false)]
    [InlineData(CheckPattern.Text, true)]
    [InlineData(CheckPattern.Binary, false)]
    public async Task Text_or_bytes_that_come_out_empty_are_not_found(CheckPattern kind, bool isNegated)
    {
        var result = await CheckAsync(
            "alive\n", b => b.CheckTcp(c => c.Connect().Step(new ExpectStep { Kind = kind, PatternFormat = Nothing, IsNegated = isNegated })));

        Assert.Equal((CheckStatus.Layer7Invalid, "tcp-check expect : failed to build log-format string at step 2"), (result.Status, result.Info));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_that_comes_out_empty_is_not_found(bool isNegated) => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.Body, PatternFormat = Nothing, IsNegated = isNegated }));

    [Theory]
    [InlineData("beg")]
    [InlineData("sub")]
    [InlineData("end")]
    [InlineData("str")]
    public async Task Value_of_a_field_that_comes_out_empty_is_not_found(string way) => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = "x-state", ValueFormat = Nothing, ValueMatch = way }));

    [Fact]
    public async Task Name_of_a_field_that_comes_out_empty_is_not_found() => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.WholeHeader, PatternFormat = Nothing, NameMatch = "beg" }));

    private static void Unmade(CheckResult result) =>
        Assert.Equal((CheckStatus.Layer7Invalid, "http-check expect : failed to build log-format string at step 2"), (result.Status, result.Info));

    private static Task<CheckResult> CheckHttpAsync(HttpExpectStep expect) => CheckAsync(
        "HTTP/1.1 200 OK\r\nX-State: fine\r\nContent-Length: 2\r\n\r\nok", b => b.CheckHttp("GET", "/", c => c.Request(new HttpSendStep()).Step(expect)));

    /// <summary>What the first check finds of a server that says the same to all, and then nothing more.</summary>
    private static async Task<CheckResult> CheckAsync(string answer, Action<BackendBuilder> configure)
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AnswerAsync(listener, Encoding.Latin1.GetBytes(answer));
        await using var proxy = Proxy.Create(
            p => p
                .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
                .AddBackend("b", b =>
                {
                    configure(b.Configure(static o => o.LogsHealthChecks = true));
                    b.AddServer("s", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
                }),
            log);

        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await log.WaitForAsync(static e => e.Message.StartsWith("Health check for server b/s", StringComparison.Ordinal));
        return proxy.GetServers("b")[0].LastCheck!.Value; // it has been checked
    }

    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var socket = await listener.AcceptSocketAsync();
        try
        {
            var rest = new byte[4096];
            if (answer.AsSpan().StartsWith("HTTP"u8))
            {
                await socket.ReceiveAsync(rest); // who asks first is told then
            }

            await socket.SendAsync(answer);
            while (await socket.ReceiveAsync(rest) > 0)
            {
                // Until the check has had enough.
            }
        }
        catch (SocketException)
        {
            // The check has broken it off.
        }
    }
}

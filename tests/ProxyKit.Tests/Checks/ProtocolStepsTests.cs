using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Checks;

/// <summary>Checks of servers of other protocols, over sockets.</summary>
public sealed class ProtocolStepsTests
{
    [Theory]
    [InlineData(HealthCheckKind.Ldap)]
    [InlineData(HealthCheckKind.PostgreSql)]
    [InlineData(HealthCheckKind.Redis)]
    [InlineData(HealthCheckKind.MySql)]
    [InlineData(HealthCheckKind.Smtp)]
    public async Task Server_that_closes_without_a_word_has_answered_wrongly(HealthCheckKind kind)
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = CloseAsync(listener);
        await using var proxy = Proxy.Create(
            p => p
                .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
                .AddBackend("b", b => b
                    .Check(new HealthCheckOptions { Kind = kind, User = "checker" })
                    .AddServer("s", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")),
            log);

        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await log.WaitForAsync(static e => e.Message.Contains("b/s is DOWN", StringComparison.Ordinal));

        Assert.Equal(CheckStatus.Layer7Invalid, proxy.GetServers("b")[0].LastCheck?.Status);
        await closing.InTimeAsync();
    }

    [Theory]
    [InlineData("^[[:digit:]]+\r$", "42\r", true)]
    [InlineData("^[[:digit:]]+\r$", "4a\r", false)]
    [InlineData("^\\d$", "\u0664", false)] // a digit in Arabic: no byte of it is one
    [InlineData("^..$", "\u00e9", true)] // two bytes
    [InlineData("(a)\\1", "aa", true)]
    public async Task Expression_is_searched_for_in_bytes_as_rules_search(string expression, string answer, bool isFound)
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = CloseAsync(listener, Encoding.UTF8.GetBytes(answer));
        await using var proxy = Proxy.Create(
            p => p
                .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
                .AddBackend("b", b => b
                    .Configure(static o => o.LogsHealthChecks = true)
                    .CheckTcp(c => c.Connect().Step(new ExpectStep { Kind = CheckPattern.Regex, Pattern = expression }))
                    .AddServer("s", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")),
            log);

        await proxy.StartAsync(TestContext.Current.CancellationToken);
        await log.WaitForAsync(static e => e.Message.StartsWith("Health check for server b/s", StringComparison.Ordinal));

        Assert.Equal(isFound ? CheckStatus.Layer7Passed : CheckStatus.Layer7Invalid, proxy.GetServers("b")[0].LastCheck?.Status);
        await closing.InTimeAsync();
    }

    private static async Task CloseAsync(TcpListener listener, byte[]? answer = null)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.SendAsync(answer ?? []);
        socket.Shutdown(SocketShutdown.Send);
        var buffer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The check has broken it off.
        }
    }
}

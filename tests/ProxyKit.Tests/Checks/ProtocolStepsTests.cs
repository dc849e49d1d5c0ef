using System.Net;
using System.Net.Sockets;
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

    private static async Task CloseAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync();
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

using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Checks;

/// <summary>A server that answers the first check of it always the same, whatever it is asked.</summary>
internal static class CheckedServer
{
    /// <summary>What that check finds, and what it has sent by the time it was answered.</summary>
    /// <param name="answer">What the server says: once it has heard something, where <paramref name="listens"/>, else at once.</param>
    /// <param name="configure">How it is checked.</param>
    /// <param name="listens">Whether it waits until it is asked.</param>
    /// <param name="closes">Whether it says no more then; else that is for the check to say.</param>
    public static async Task<(CheckResult Result, string Sent)> CheckAsync(byte[] answer, Action<BackendBuilder> configure, bool listens = true, bool closes = true)
    {
        using var log = new RecordingLoggerProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sent = AnswerAsync(listener, answer, listens, closes);
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
        return (proxy.GetServers("b")[0].LastCheck!.Value, await sent.InTimeAsync()); // it has been checked
    }

    private static async Task<string> AnswerAsync(TcpListener listener, byte[] answer, bool listens, bool closes)
    {
        using var socket = await listener.AcceptSocketAsync();
        var received = new byte[4096];
        var rest = new byte[256];
        var length = 0;
        try
        {
            length = listens ? await socket.ReceiveAsync(received) : 0; // a check sends what it has to say in one piece
            await socket.SendAsync(answer);
            if (closes)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            while (await socket.ReceiveAsync(rest) > 0)
            {
                // Until the check has had enough.
            }
        }
        catch (SocketException)
        {
            // The check has broken it off.
        }

        return Encoding.UTF8.GetString(received, 0, length);
    }
}

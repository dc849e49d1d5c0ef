using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Conformance.Clients;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>The same words in both proxies, and the same clients, which come by themselves since each shakes hands in its own way.</summary>
internal static class TlsDifferential
{
    /// <summary>Lets all clients ask HAProxy and then ProxyKit, and compares what they say.</summary>
    /// <param name="config">The configuration; <c>{port}</c> in it is where the clients come.</param>
    /// <param name="clients">The clients, by their names.</param>
    /// <param name="ask">Has a client ask.</param>
    public static async Task AssertSameAsync<TClient>(
        string config, IReadOnlyList<(string Name, TClient Client)> clients, Func<IPEndPoint, TClient, Task<string>> ask)
    {
        var haproxy = OutsideProgram.Find("haproxy");
        var theirs = await TranscriptAsync(config, (text, port) => HAProxyProcess.StartAsync(haproxy, text, port), clients, ask);
        var ours = await TranscriptAsync(config, HAProxyFileProxy.StartAsync, clients, ask);

        Assert.Equal(theirs, ours);
    }

    private static async Task<string> TranscriptAsync<TClient>(
        string config,
        Func<string, int, Task<IAsyncDisposable>> start,
        IReadOnlyList<(string Name, TClient Client)> clients,
        Func<IPEndPoint, TClient, Task<string>> ask)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = (IPEndPoint)free.LocalEndpoint;
        free.Stop();
        await using var proxy = await start(config.Replace("{port}", $"{address.Port}", StringComparison.Ordinal), address.Port);
        var transcript = new StringBuilder();
        foreach (var (name, client) in clients)
        {
            transcript.Append(name).Append(": ").AppendLine(await ask(address, client));
        }

        return transcript.ToString();
    }
}

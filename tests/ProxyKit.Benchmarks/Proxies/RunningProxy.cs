using System.Net;
using System.Net.Sockets;
using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>A proxy under test that runs and listens.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private RunningProxy(IProxyUnderTest proxy, ProxySetup setup, ChildProcess process)
    {
        Proxy = proxy;
        Setup = setup;
        _process = process;
    }

    public IProxyUnderTest Proxy { get; }

    public ProxySetup Setup { get; }

    /// <summary>The process and its workers, looked up anew: a proxy may listen before it has started them.</summary>
    public IReadOnlyList<int> ProcessIds => ProcessTree.Of(_process.Id);

    public static async Task<RunningProxy> StartAsync(IProxyUnderTest proxy, ProxySetup setup, CancellationToken cancellation)
    {
        Directory.CreateDirectory(setup.Directory);
        var running = new RunningProxy(proxy, setup, ChildProcess.Start(Cores.Pin(Cores.Proxy, proxy.Prepare(setup))));
        try
        {
            await running.WaitUntilItListensAsync(cancellation);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public Uri Address(string path) => new($"{(Setup.Shape.IsTls ? "https" : "http")}://127.0.0.1:{Setup.Port}{path}");

    /// <summary>Asks the host of a managed proxy: see <see cref="Hosts.HostControl"/>.</summary>
    public Task<string> AskAsync(string question, CancellationToken cancellation) => _process.AskAsync(question, cancellation);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitUntilItListensAsync(CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(StartTimeout);
        while (true)
        {
            _process.ThrowIfEnded();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Setup.Port), deadline.Token);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }
}

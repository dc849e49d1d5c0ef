using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>HAProxy as the distribution ships it.</summary>
internal sealed class HaproxyUnderTest : IProxyUnderTest
{
    private const string Program = "/usr/sbin/haproxy";

    public string Name => "HAProxy";

    public string Configuration =>
        "one thread, `http-reuse always`, keep-alive on both sides, no log; without resumption: `tune.ssl.cachesize 0`, `no-tls-tickets`";

    public bool IsManaged => false;

    public bool CanRun(ProxyShape shape) => shape is { HostRoutes: 0, Backends: 1, HasBreaker: false } && File.Exists(Program);

    public LaunchCommand Prepare(ProxySetup setup)
    {
        var file = HaproxyFile.Write(setup);
        return new LaunchCommand(Program, ["-db", "-f", file]);
    }

    public async Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        (await ChildProcess.RunAsync(new LaunchCommand(Program, ["-v"]), cancellation)).Split('\n')[0];
}

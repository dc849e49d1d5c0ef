using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>ProxyKit, in a process of its own: see <see cref="Hosts.ProxyKitHost"/>.</summary>
internal sealed class ProxyKitUnderTest : IProxyUnderTest
{
    public const string Verb = "serve-proxykit";

    public string Name => "ProxyKit";

    public string Configuration =>
        "a console application, server connections shared by all clients (`Reuse(Always)`), no access log, idle clients kept for 300 s; "
        + "without resumption: the switch `System.Net.Security.DisableTlsResume`";

    public bool IsManaged => true;

    public bool CanRun(ProxyShape shape) => true;

    public LaunchCommand Prepare(ProxySetup setup) => HostedProxy.Command(Verb, setup);

    public Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        Task.FromResult($"ProxyKit {typeof(Proxy).Assembly.GetName().Version} on .NET {Environment.Version}");
}

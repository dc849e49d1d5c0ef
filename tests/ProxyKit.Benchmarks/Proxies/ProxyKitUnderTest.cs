using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>ProxyKit, in a process of its own: see <see cref="Hosts.ProxyKitHost"/>.</summary>
/// <param name="usesEventLoops">Whether the process has given itself to proxying, as a gateway does, or completes its sockets' operations
/// on the thread pool, as an application does that a proxy is only a part of.</param>
internal sealed class ProxyKitUnderTest(bool usesEventLoops) : IProxyUnderTest
{
    public const string Verb = "serve-proxykit";
    public const string EmbeddedVerb = "serve-proxykit-embedded";

    public string Name => usesEventLoops ? "ProxyKit" : "embedded";

    public string Configuration =>
        (usesEventLoops ? "`SocketTransport.UseEventLoops()`; " : "ProxyKit on the thread pool, the default for a proxy inside an application; ")
        + "a console application, server connections shared by all clients (`Reuse(Always)`), no access log, idle clients kept for 300 s; "
        + "without resumption: the switch `System.Net.Security.DisableTlsResume`";

    public bool IsManaged => true;

    public bool CanRun(ProxyShape shape) => true;

    public LaunchCommand Prepare(ProxySetup setup)
    {
        if (setup.Shape.Rules is not null)
            _ = HaproxyFile.Write(setup);
        return HostedProxy.Command(usesEventLoops ? Verb : EmbeddedVerb, setup);
    }

    public Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        Task.FromResult($"ProxyKit {typeof(Proxy).Assembly.GetName().Version} on .NET {Environment.Version}");
}

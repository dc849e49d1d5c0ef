using ProxyKit.Benchmarks.Processes;
using Yarp.ReverseProxy.Forwarder;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>YARP on Kestrel, in a process of its own: see <see cref="Hosts.YarpHost"/>.</summary>
internal sealed class YarpUnderTest : IProxyUnderTest
{
    public const string Verb = "serve-yarp";

    public string Name => "YARP";

    public string Configuration =>
        "Kestrel and SocketsHttpHandler as they are by default, HTTP/1.1 on both sides, no logging, no X-Forwarded headers, Host kept; "
        + "without resumption: `AllowTlsResume = false`";

    public bool IsManaged => true;

    public bool CanRun(ProxyShape shape) => shape is { Protocol: not ProxyProtocol.Tcp, HostRoutes: 0, Backends: 1 };

    public LaunchCommand Prepare(ProxySetup setup) => HostedProxy.Command(Verb, setup);

    public Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        Task.FromResult($"YARP {typeof(IHttpForwarder).Assembly.GetName().Version} on .NET {Environment.Version}");
}

using ProxyKit.Benchmarks.Processes;
using Yarp.ReverseProxy.Forwarder;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>YARP on Kestrel, in a process of its own: see <see cref="Hosts.YarpHost"/> and <see cref="Hosts.YarpQuickStartHost"/>.</summary>
/// <param name="isTuned">Whether what costs time and can be switched off is off, or all stands as the quick start of YARP's documentation leaves it.</param>
internal sealed class YarpUnderTest(bool isTuned) : IProxyUnderTest
{
    public const string Verb = "serve-yarp";
    public const string TunedVerb = "serve-yarp-tuned";

    public string Name => isTuned ? "YARP-tuned" : "YARP";

    public string Configuration => isTuned
        ? "Kestrel and SocketsHttpHandler as they are by default, HTTP/1.1 on both sides, no logging, no X-Forwarded headers, Host kept; "
            + "without resumption: `AllowTlsResume = false`"
        : "as its quick start has it: `WebApplication.CreateBuilder`, `LoadFromConfig`, the template's `Logging` section (two lines for each request, "
            + "by the console logger to /dev/null), X-Forwarded headers, HTTP/2 or lower to the origin, which gets HTTP/1.1";

    public bool IsManaged => true;

    public bool CanRun(ProxyShape shape) =>
        shape is { Protocol: not ProxyProtocol.Tcp, HostRoutes: 0, Backends: 1, Rules: null }
        && (isTuned || shape.Protocol is not ProxyProtocol.TlsWithoutResumption); // no setting of the quick start's kind switches it off

    public LaunchCommand Prepare(ProxySetup setup) => HostedProxy.Command(isTuned ? TunedVerb : Verb, setup);

    public Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        Task.FromResult($"YARP {typeof(IHttpForwarder).Assembly.GetName().Version} on .NET {Environment.Version}");
}

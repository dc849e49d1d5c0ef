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

    public bool CanRun(ProxyShape shape) => shape is { HostRoutes: 0, Backends: 1 } && File.Exists(Program);

    public LaunchCommand Prepare(ProxySetup setup)
    {
        var file = Path.Combine(setup.Directory, "haproxy.cfg");
        File.WriteAllText(file, Configure(setup));
        return new LaunchCommand(Program, ["-db", "-f", file]);
    }

    public async Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        (await ChildProcess.RunAsync(new LaunchCommand(Program, ["-v"]), cancellation)).Split('\n')[0];

    private static string Configure(ProxySetup setup)
    {
        var tls = setup.Shape.IsTls ? $" ssl crt {setup.CertificateFile}" : "";
        var resumes = setup.Shape.Protocol is not ProxyProtocol.TlsWithoutResumption;
        // maxconn counts two descriptors each, which may be more than this user may open; only one of the two is used by an idle client.
        return $"""
            global
                nbthread 1
                maxconn 12000
                no strict-limits
                {(resumes ? "" : "tune.ssl.cachesize 0")}
                {(resumes ? "" : "ssl-default-bind-options no-tls-tickets")}
            defaults
                mode {(setup.Shape.Protocol is ProxyProtocol.Tcp ? "tcp" : "http")}
                timeout connect 5s
                timeout client 300s
                timeout server 300s
                {(setup.Shape.Protocol is ProxyProtocol.Tcp ? "" : "http-reuse always")}
            frontend public
                bind 127.0.0.1:{setup.Port}{tls}
                default_backend web
            backend web
                server s1 127.0.0.1:{setup.OriginPort}

            """;
    }
}

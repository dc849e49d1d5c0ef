using ProxyKit.Backends;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Hosts;

/// <summary>The process of <see cref="ProxyKitUnderTest"/>.</summary>
internal static class ProxyKitHost
{
    private const int MaxConnections = 12_000;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(300);

    public static async Task RunAsync(ProxySetup setup)
    {
        if (setup.Shape.Protocol is ProxyProtocol.TlsWithoutResumption)
            AppContext.SetSwitch("System.Net.Security.DisableTlsResume", true);

        await using var proxy = Proxy.Create(p =>
        {
            if (setup.Shape.Rules is null)
                Compose(p, setup);
            else
                p.AddHAProxyConfig(HaproxyFile.NameIn(setup));
        });
        await proxy.StartAsync();
        await HostControl.AnswerAsync();
        await proxy.StopAsync();
    }

    private static void Compose(ProxyBuilder proxy, ProxySetup setup)
    {
        var shape = setup.Shape;
        proxy.MaxConnections(MaxConnections); // more than the limit of descriptors has two for; an idle client needs but one
        var mode = shape.Protocol is ProxyProtocol.Tcp ? ProxyMode.Tcp : ProxyMode.Http;
        proxy.AddFrontend("public", frontend =>
        {
            frontend
                .Mode(mode)
                .Bind($"127.0.0.1:{setup.Port}", bind =>
                {
                    bind.Backlog(4096);
                    if (shape.IsTls)
                        bind.Tls(setup.CertificateFile);
                })
                .ClientTimeout(IdleTimeout)
                .KeepAliveTimeout(IdleTimeout)
                .MaxConnections(MaxConnections)
                .AccessLog(false);
            for (var i = 0; i < shape.HostRoutes; i++)
                frontend.Route(Match.Host(ProxyShape.HostName(i)), to: BackendName(i % shape.Backends));
            if (shape.HostRoutes == 0)
                frontend.DefaultBackend(BackendName(0));
        });
        for (var i = 0; i < shape.Backends; i++)
        {
            proxy.AddBackend(BackendName(i), backend =>
            {
                backend.Mode(mode).Reuse(ConnectionReuse.Always).AddServer("s1", $"127.0.0.1:{setup.OriginPort}");
                if (shape.HasBreaker)
                    backend.CircuitBreaker(_ => { });
            });
        }
    }

    private static string BackendName(int index) => $"b{index}";
}

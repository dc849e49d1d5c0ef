using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.Benchmarks.Proxies;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace ProxyKit.Benchmarks.Hosts;

/// <summary>The process of <see cref="YarpUnderTest"/> with all switched off that can be.</summary>
internal static class YarpHost
{
    public static async Task RunAsync(ProxySetup setup)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, setup));
        builder.Services.AddReverseProxy()
            .LoadFromMemory(Routes(), Clusters(setup.OriginPort))
            .AddTransforms(transforms =>
            {
                transforms.UseDefaultForwarders = false;
                transforms.AddOriginalHost(useOriginal: true);
            });

        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        await HostControl.AnswerAsync();
        await app.StopAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, ProxySetup setup)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(300);
        kestrel.Listen(IPAddress.Loopback, setup.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (!setup.Shape.IsTls)
                return;
            listen.UseHttps(LoadCertificate(setup.CertificateFile), https =>
            {
                if (setup.Shape.Protocol is ProxyProtocol.TlsWithoutResumption)
                    https.OnAuthenticate = (_, authentication) => authentication.AllowTlsResume = false;
            });
        });
    }

    private static X509Certificate2 LoadCertificate(string file) => X509Certificate2.CreateFromPemFile(file, file);

    private static RouteConfig[] Routes() =>
        [new RouteConfig { RouteId = "all", ClusterId = "web", Match = new RouteMatch { Path = "/{**rest}" } }];

    private static ClusterConfig[] Clusters(int originPort) =>
    [
        new ClusterConfig
        {
            ClusterId = "web",
            Destinations = new Dictionary<string, DestinationConfig>
            {
                ["s1"] = new() { Address = $"http://127.0.0.1:{originPort}/" },
            },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
        },
    ];
}

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Hosts;

/// <summary>The process of <see cref="YarpUnderTest"/> as the quick start of YARP's documentation has it, with the template's appsettings.json.</summary>
internal static class YarpQuickStartHost
{
    public static async Task RunAsync(ProxySetup setup)
    {
        // The console logger has standard output to itself, where nobody reads; the answers go where it led before.
        await using var answers = new StreamWriter(StandardOutput.MoveAway()) { AutoFlush = true };
        await File.WriteAllTextAsync(Path.Combine(setup.Directory, "appsettings.json"), Settings(setup));

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = setup.Directory });
        builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        await using var app = builder.Build();
        app.MapReverseProxy();

        await app.StartAsync();
        await HostControl.AnswerAsync(answers);
        await app.StopAsync();
    }

    private static string Settings(ProxySetup setup) =>
        $$"""
        {
          "Logging": { "LogLevel": { "Default": "Information", "Microsoft.AspNetCore": "Warning" } },
          "AllowedHosts": "*",
          "Kestrel": { "Endpoints": { "public": {{Endpoint(setup)}} } },
          "ReverseProxy": {
            "Routes": { "route1": { "ClusterId": "cluster1", "Match": { "Path": "{**catch-all}" } } },
            "Clusters": { "cluster1": { "Destinations": { "destination1": { "Address": "http://127.0.0.1:{{setup.OriginPort}}/" } } } }
          }
        }
        """;

    private static string Endpoint(ProxySetup setup)
    {
        var file = JsonSerializer.Serialize(setup.CertificateFile);
        return setup.Shape.IsTls
            ? $$"""{ "Url": "https://127.0.0.1:{{setup.Port}}", "Certificate": { "Path": {{file}}, "KeyPath": {{file}} } }"""
            : $$"""{ "Url": "http://127.0.0.1:{{setup.Port}}" }""";
    }
}

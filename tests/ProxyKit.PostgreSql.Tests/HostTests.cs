using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests;

[Collection(nameof(SharedServer))]
public sealed class HostTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>As docs/postgresql.md shows it.</summary>
    [Fact]
    public async Task Host_brings_usage_and_leases_and_gives_back_at_its_stop()
    {
        PostgresPrograms.Need();
        var (schema, connectionString) = (PostgresServer.NewSchema(), server.ConnectionString);
        await using var origin = WireOrigin.Answering("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        var builder = Host.CreateApplicationBuilder();
        builder.Services
            .AddProxyKit((services, proxy) => proxy
                .AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0").UseTiers("plans").DefaultBackend("web"))
                .AddTiers("plans", tiers => tiers
                    .CountBy(Value.Parse("req.hdr(x-client)"))
                    .DefaultTier("bronze")
                    .AddTier("bronze", tier => tier.Quota(10_000, QuotaPeriod.Month))
                    .Share(services.GetRequiredService<PostgreSqlGateway>().Leases))
                .AddMetering(metering => metering.Journal(_folder).CountBy(Value.Parse("tier_client")))
                .AddBackend("web", backend => backend.AddServer("web1", origin.Address)))
            .UsePostgreSql(connectionString, o => o.Schema = schema);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        using (var client = new HttpClient())
        {
            client.DefaultRequestHeaders.Add("X-Client", "acme");
            for (var i = 0; i < 5; i++)
            {
                using var response = await client.GetAsync(
                    new Uri($"http://{host.Services.GetRequiredService<Proxy>().EndPoints[0]}/"), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }

        var gateway = host.Services.GetRequiredService<PostgreSqlGateway>();
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(5, await gateway.Usage.SumAsync(client: "acme"));
        Assert.Equal(5, await server.AskAsync<long>($"SELECT taken FROM {schema}.quotas"));
    }
}

using System.Data.Common;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProxyKit.Metering;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests;

/// <summary>What docs/postgresql.md says, held against the code.</summary>
public sealed class PostgreSqlDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "postgresql.md"));

    [Fact]
    public void Every_setting_is_on_the_page() => Assert.All(
        typeof(PostgreSqlOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance),
        static property => Assert.Contains($"`{property.Name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void The_example_is_compiled_here()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services
            .AddProxyKit((services, proxy) => proxy
                .AddFrontend("public", frontend => frontend.Bind("*:8080").UseTiers("plans").DefaultBackend("web"))
                .AddTiers("plans", tiers => tiers
                    .CountBy(Value.Parse("req.hdr(x-client)"))
                    .DefaultTier("bronze")
                    .AddTier("bronze", tier => tier.Quota(10_000, QuotaPeriod.Month))
                    .Share(services.GetRequiredService<PostgreSqlGateway>().Leases))
                .AddMetering(metering => metering.Journal("/var/lib/gateway/usage").CountBy(Value.Parse("tier_client")))
                .AddBackend("web", backend => backend.AddServer("web1", "10.0.0.1:8080")))
            .UsePostgreSql("Host=db;Username=gateway;Password=...;Database=gateway");

        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.PostgreSql.Tests", "PostgreSqlDocumentTests.cs"));
        var example = Page.Split("```csharp\n")[1].Split("```")[0].Split('\n').Select(static line => line.Trim());
        Assert.Contains(string.Join('\n', example).Trim(), string.Join('\n', here.Select(static line => line.Trim())), StringComparison.Ordinal);
        Assert.Contains(builder.Services, static s => s.ServiceType == typeof(PostgreSqlGateway));
    }

    [Fact]
    public async Task The_example_of_events_is_compiled_here()
    {
        var services = new ServiceCollection();
        services.UsePostgreSql("Host=db;Username=gateway;Password=...;Database=gateway", postgres => postgres.KeepEventsFor = TimeSpan.FromDays(400));
        Assert.Contains("postgres => postgres.KeepEventsFor = TimeSpan.FromDays(400));", Page, StringComparison.Ordinal);
        await using var gateway = new PostgreSqlGateway("Host=127.0.0.1;Port=1;Username=u;Password=p");
        var (november, december) = (new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

        await Assert.ThrowsAnyAsync<DbException>(async () =>
        {
            await foreach (var e in gateway.Usage.ReadEventsAsync(new UsageQuery { Client = "acme", From = november, Until = december }, TestContext.Current.CancellationToken))
            {
                Console.WriteLine($"{e.Time:u} {e.Id} {e.Frontend} {e.Route} {e.Backend} {e.Status} {e.BytesIn} {e.BytesOut}");
            }
        });

        Assert.Contains("gateway.Usage.ReadEventsAsync(new UsageQuery { Client = \"acme\", From = november, Until = december }", Page, StringComparison.Ordinal);
    }

    /// <summary>Nobody who has no database gets Npgsql, and who has gets nothing else.</summary>
    [Fact]
    public void Package_depends_on_the_core_and_on_Npgsql_alone()
    {
        var project = XDocument.Load(RepositoryTree.PathOf("src", "ProxyKit.PostgreSql", "ProxyKit.PostgreSql.csproj"));

        Assert.Equal(
            ["../ProxyKit/ProxyKit.csproj", "Npgsql"],
            project.Descendants().Where(static e => e.Name.LocalName is "PackageReference" or "ProjectReference")
                .Select(static e => e.Attribute("Include")?.Value).Order(StringComparer.Ordinal));
    }
}

using System.Reflection;
using ProxyKit.Rules;
using ProxyKit.Runtime;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>What docs/tiers.md says, held against the code.</summary>
public sealed class TierDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "tiers.md"));

    [Theory]
    [InlineData(typeof(TiersOptions))]
    [InlineData(typeof(TierOptions))]
    [InlineData(typeof(TierLimitOptions))]
    public void Every_setting_is_on_the_page(Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] shown = ["Name", "Tiers", "Limits"]; // by what they hold

        Assert.All(
            options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => !shown.Contains(p.Name)),
            property => Assert.Contains($"`{property.Name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_is_compiled_here()
    {
        Action<ProxyBuilder> compose = proxy => proxy
            .AddFrontend("public", frontend => frontend
                .Bind("*:8080")
                .Authenticate(jwt => jwt.OpenId("https://id.example/").Audience("https://api.example/"), unless: Match.Path("/auth/*"))
                .UseTiers("plans", unless: Match.Path("/auth/*"))
                .UsageEndpoint("/usage")
                .DefaultBackend("web"))
            .AddTiers("plans", tiers => tiers
                .CountBy(Value.Claim("sub"))
                .TierBy(Value.Claim("scope"))
                .AddTier("bronze", tier => tier
                    .Limit(10, TimeSpan.FromMinutes(1))
                    .Quota(10_000, QuotaPeriod.Month))
                .AddTier("gold", tier => tier
                    .Limit(100, TimeSpan.FromSeconds(1))
                    .SlidingLimit(1_000, TimeSpan.FromMinutes(1))
                    .Concurrency(50)
                    .QueuePriority(-10))
                .Cost(20, Match.Path("/report/*")))
            .AddBackend("web", backend => backend.AddServer("web1", "10.0.0.1:8080"));
        var builder = new ProxyBuilder();

        compose(builder);

        Assert.Empty(ProxyOptionsValidator.Validate(builder.Build()));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Tiers", "TierDocumentTests.cs"));
        var example = Page.Split("```csharp\nproxy\n")[1].Split("```")[0].Split('\n').Select(static line => line.Trim());
        Assert.Contains(string.Join('\n', example).Trim(), string.Join('\n', here.Select(static line => line.Trim())), StringComparison.Ordinal);
    }
}

using ProxyKit.Conformance.Clients;

namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>Checks, agents and observation: ProxyKit and Debian's HAProxy ask servers the same, and say the same of them.</summary>
public sealed class HealthDifferentialTests
{
    /// <summary>All cases.</summary>
    public static TheoryData<HealthCase> Cases => [.. HealthCases.All];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task ProxyKit_finds_what_HAProxy_finds(HealthCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var ours = await HealthRun.OnProxyKitAsync(@case);
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, ours, StringComparison.Ordinal));
        if (@case.NewerThanDebian is null)
        {
            Assert.Equal(await HealthRun.OnHAProxyAsync(@case, OutsideProgram.Find("haproxy")), ours);
        }
    }
}

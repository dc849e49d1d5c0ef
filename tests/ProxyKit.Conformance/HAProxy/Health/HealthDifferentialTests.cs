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
        var theirs = @case.NewerThanDebian is null ? HealthRun.OnHAProxyAsync(@case, OutsideProgram.Find("haproxy")) : null; // at once: both mostly wait
        var ours = await HealthRun.OnProxyKitAsync(@case);
        Assert.Equal(theirs is null ? ours : await theirs, ours);
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, ours, StringComparison.Ordinal));
    }
}

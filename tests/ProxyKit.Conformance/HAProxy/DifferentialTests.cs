using ProxyKit.Conformance.Clients;
using ProxyKit.Conformance.HAProxy.Cases;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>ProxyKit and Debian's HAProxy, with the same configuration, the same clients and the same servers: both say the same.</summary>
public sealed class DifferentialTests
{
    /// <summary>All cases.</summary>
    public static TheoryData<HAProxyCase> Cases =>
        [.. ExpressionCases.All, .. ConditionCases.All, .. ActionCases.All, .. FlowCases.All,
            .. StickinessCases.All, .. DirectionCases.All, .. BalanceCases.All, .. PlainCases.All, .. QueueCases.All, .. RetryCases.All,
            .. MonetizationCases.All, .. CircuitCases.All, .. GatewayCases.All, .. TokenCases.All, .. ProxyProtocolCases.All, .. NetScalerCases.All, .. ResolverCases.All,
            .. OptionCases.All, .. WordCases.All];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task ProxyKit_does_what_HAProxy_does(HAProxyCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var ours = await CaseRun.OnAsync(@case, HAProxyFileProxy.StartAsync);
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, ours, StringComparison.Ordinal));
        if (@case.NewerThanDebian is null)
        {
            var haproxy = OutsideProgram.Find("haproxy");
            Assert.Equal(await CaseRun.OnAsync(@case, (config, port) => HAProxyProcess.StartAsync(haproxy, config, port)), ours);
        }
    }
}

using ProxyKit.Balancing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>Makes the strategies that come with ProxyKit.</summary>
internal static class BuiltInStrategies
{
    /// <exception cref="RuleFaultException">The expression that is the key cannot be used there.</exception>
    public static IBalancingStrategy Create(BalanceDescription balance, RuleCompiler compiler) => balance.Kind switch
    {
        BalanceKind.RoundRobin => new RoundRobin(),
        BalanceKind.StaticRoundRobin => new StaticRoundRobin(),
        BalanceKind.LeastConnections => new LeastConnections(),
        BalanceKind.First => new FirstAvailable(),
        BalanceKind.Sticky => new Sticky(),
        BalanceKind.Random => new RandomDraws(Random.Shared, balance.Draws),
        BalanceKind.PeakEwma => new PeakEwma(Random.Shared, compiler.Time, balance.Decay ?? TimeSpan.Zero, balance.FailurePenalty ?? TimeSpan.Zero),
        _ => Hashing(KeyOf(balance, compiler), balance.HashType ?? HashType.Bounded),
    };

    /// <summary>Whether the key may stand in the body of a request.</summary>
    public static bool NeedsBody(BalanceDescription balance) => balance.Kind == BalanceKind.UrlParameter;

    private static IBalancingStrategy Hashing(IBalancingKey key, HashType type) =>
        type.Placement == HashPlacement.MapBased ? new MapHash(key, new KeyHash(type)) : new RingHash(key, type);

    private static IBalancingKey KeyOf(BalanceDescription balance, RuleCompiler compiler) => balance.Kind switch
    {
        BalanceKind.Source => new SourceKey(),
        BalanceKind.Uri => new UriKey(balance.IsWhole, balance.IsPathOnly, balance.Length, balance.Depth),
        BalanceKind.UrlParameter => new ParameterKey(balance.KeyName ?? ""),
        BalanceKind.Header => new HeaderKey(balance.KeyName ?? "", balance.IsDomainOnly),
        BalanceKind.RdpCookie => new ExpressionKey(Value.Parse($"req.rdp_cookie({balance.KeyName})").Compile(compiler), needsBytes: true),
        _ => new ExpressionKey((balance.Key ?? Value.Parse("src")).Compile(compiler), needsBytes: false),
    };
}

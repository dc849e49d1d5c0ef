using ProxyKit.Balancing;
using ProxyKit.Rules;

namespace ProxyKit;

/// <summary>A way of choosing a server: one of the built-in ones, or a user's own <see cref="IBalancingStrategy"/>.</summary>
public sealed class Balance
{
    private readonly Func<RuleCompiler, IBalancingStrategy> _create;

    private Balance(string name, Func<RuleCompiler, IBalancingStrategy> create)
    {
        Name = name;
        _create = create;
    }

    /// <summary>The servers take turns, in proportion to their weights and spread as evenly as can be. HAProxy: <c>roundrobin</c>.</summary>
    public static Balance RoundRobin { get; } = new("roundrobin", static _ => new RoundRobin());

    /// <summary>The server with the fewest requests in progress for its weight. HAProxy: <c>leastconn</c>.</summary>
    public static Balance LeastConnections { get; } = new("leastconn", static _ => new LeastConnections());

    /// <summary>Two servers drawn at random by weight; the one with fewer requests in progress is taken. HAProxy: <c>random</c>.</summary>
    public static Balance Random { get; } = new("random", static _ => new PowerOfTwoChoices(System.Random.Shared));

    /// <summary>The name, as in HAProxy's configuration, or the type's name for a user's own strategy.</summary>
    public string Name { get; }

    /// <summary>A user's strategy by type; each backend gets an instance of its own.</summary>
    /// <typeparam name="TStrategy">The strategy, with a parameterless constructor.</typeparam>
    /// <returns>The way of choosing.</returns>
    public static Balance Custom<TStrategy>()
        where TStrategy : IBalancingStrategy, new() => new(typeof(TStrategy).Name, static _ => new TStrategy());

    /// <summary>A user's strategy by instance, which may serve several backends and must then be ready for that.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Custom(IBalancingStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return new(strategy.GetType().Name, _ => strategy);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the strategy of one backend.</summary>
    /// <param name="compiler">Makes expressions ready, where the choice goes by one.</param>
    /// <exception cref="RuleFaultException">The expression cannot be used there.</exception>
    internal IBalancingStrategy Create(RuleCompiler compiler) => _create(compiler);
}

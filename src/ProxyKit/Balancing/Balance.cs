using ProxyKit.Balancing;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Rules.BalancingKeys;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>A way of choosing a server: one of the built-in ones, or a user's own <see cref="IBalancingStrategy"/>.</summary>
/// <remarks>Immutable: one may serve many backends, of which each has a strategy of its own.</remarks>
public sealed class Balance : IDescribed
{
    /// <summary>The cookie that remote desktop clients send: the user's name.</summary>
    private const string RdpUser = "mstshash";

    private readonly Func<RuleCompiler, IBalancingStrategy>? _create; // a user's own

    private Balance(BalanceDescription description, Func<RuleCompiler, IBalancingStrategy>? create = null)
    {
        Description = description;
        _create = create;
    }

    /// <summary>The servers take turns, in proportion to their weights and spread as evenly as can be. HAProxy: <c>roundrobin</c>.</summary>
    public static Balance RoundRobin { get; } = new(new(BalanceKind.RoundRobin));

    /// <summary>The same by a table, for weights that do not change while the proxy runs. HAProxy: <c>static-rr</c>.</summary>
    public static Balance StaticRoundRobin { get; } = new(new(BalanceKind.StaticRoundRobin));

    /// <summary>The server with the fewest requests in progress for its weight. HAProxy: <c>leastconn</c>.</summary>
    public static Balance LeastConnections { get; } = new(new(BalanceKind.LeastConnections));

    /// <summary>The first server, by <see cref="Backends.ServerOptions.Id"/>, that is not full: of use with limits on the servers, so that those behind it may
    /// sleep. HAProxy: <c>first</c>.</summary>
    public static Balance First { get; } = new(new(BalanceKind.First));

    /// <summary>One server for all until it fails, then the next. HAProxy: <c>sticky</c>.</summary>
    public static Balance Sticky { get; } = new(new(BalanceKind.Sticky));

    /// <summary>What it is, with its arguments.</summary>
    public BalanceDescription Description { get; }

    /// <inheritdoc/>
    Description? IDescribed.Description => Description.Call();

    /// <summary>The algorithm and its arguments, in HAProxy's words where it has it; the type's name for a user's own strategy.</summary>
    public string Name => Description.ToString();

    /// <summary>Servers drawn at random by weight; the one with the fewest requests in progress for its weight is taken. HAProxy: <c>random</c>.</summary>
    /// <param name="draws">How many are drawn: 1 or more. 2 are nearly as even as asking all.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Random(int draws = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return new(new(BalanceKind.Random) { Draws = draws });
    }

    /// <summary>Of two servers drawn by weight the one that will probably respond sooner: by the response times of late, slow ones counting at once and fast
    /// ones little by little, times the requests it works on. HAProxy has no such algorithm.</summary>
    /// <param name="decay">How fast past times are forgotten: after this long they count for a third. Null for 10 seconds.</param>
    /// <param name="failurePenalty">What a failed attempt, or a status from 500 on, counts for where it did not take longer. Null for 5 seconds.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance PeakEwma(TimeSpan? decay = null, TimeSpan? failurePenalty = null)
    {
        var (forgets, costs) = (decay ?? TimeSpan.FromSeconds(10), failurePenalty ?? TimeSpan.FromSeconds(5));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(forgets, TimeSpan.Zero, nameof(decay));
        ArgumentOutOfRangeException.ThrowIfLessThan(costs, TimeSpan.Zero, nameof(failurePenalty));
        return new(new(BalanceKind.PeakEwma) { Decay = forgets, FailurePenalty = costs });
    }

    /// <summary>The same server for the same client address. HAProxy: <c>source</c>.</summary>
    /// <param name="hash">How the address becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Source(HashType? hash = null) => new(new(BalanceKind.Source) { HashType = hash ?? HashType.Bounded });

    /// <summary>The same server for the same target, or part of one. HTTP mode alone. HAProxy: <c>uri</c>.</summary>
    /// <param name="whole">Whether the query counts too.</param>
    /// <param name="pathOnly">Whether scheme and host, where the request has them in front of its path, do not count.</param>
    /// <param name="length">The most bytes that count, 1 or more; null for all.</param>
    /// <param name="depth">The directories that count, 1 or more; null for all.</param>
    /// <param name="hash">How it becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Uri(bool whole = false, bool pathOnly = false, int? length = null, int? depth = null, HashType? hash = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length ?? 1, 1, nameof(length));
        ArgumentOutOfRangeException.ThrowIfLessThan(depth ?? 1, 1, nameof(depth));
        return new(new(BalanceKind.Uri) { IsWhole = whole, IsPathOnly = pathOnly, Length = length, Depth = depth, HashType = hash ?? HashType.Bounded });
    }

    /// <summary>The same server for the same value of a query parameter, which a POST may have in its body instead: that is waited for. HTTP mode alone.
    /// HAProxy: <c>url_param</c>.</summary>
    /// <param name="name">The parameter; case counts.</param>
    /// <param name="hash">How it becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance UrlParameter(string name, HashType? hash = null) => Keyed(BalanceKind.UrlParameter, name, hash);

    /// <summary>The same server for the same first value of a header field. HTTP mode alone. HAProxy: <c>hdr(name)</c>.</summary>
    /// <param name="name">The field.</param>
    /// <param name="domainOnly">Whether only the label before the last dot counts, as of <c>www.shop.example</c> does <c>shop</c>.</param>
    /// <param name="hash">How it becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Header(string name, bool domainOnly = false, HashType? hash = null)
    {
        var balance = Keyed(BalanceKind.Header, name, hash);
        return domainOnly ? new(balance.Description with { IsDomainOnly = true }) : balance;
    }

    /// <summary>The same server for the same user of a remote desktop. TCP mode, with a content rule that waits for the first message. HAProxy:
    /// <c>rdp-cookie</c>.</summary>
    /// <param name="name">The cookie.</param>
    /// <param name="hash">How it becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance RdpCookie(string name = RdpUser, HashType? hash = null) => Keyed(BalanceKind.RdpCookie, name, hash);

    /// <summary>The same server for the same value of an expression. HAProxy: <c>hash</c>.</summary>
    /// <param name="key">The expression, as in <c>Value.Parse("req.hdr(x-room),lower")</c>.</param>
    /// <param name="hash">How it becomes a server; null for <see cref="HashType.Bounded"/>.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Hash(Expression key, HashType? hash = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(new(BalanceKind.Hash) { Key = key, HashType = hash ?? HashType.Bounded });
    }

    /// <summary>A user's strategy by type; each backend gets an instance of its own.</summary>
    /// <typeparam name="TStrategy">The strategy, with a parameterless constructor.</typeparam>
    /// <returns>The way of choosing.</returns>
    public static Balance Custom<TStrategy>()
        where TStrategy : IBalancingStrategy, new() => Own(typeof(TStrategy), static _ => new TStrategy());

    /// <summary>A user's strategy by instance, which may serve several backends and must then be ready for that.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <returns>The way of choosing.</returns>
    public static Balance Custom(IBalancingStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Own(strategy.GetType(), _ => strategy);
    }

    /// <summary>The same with another way from key to server; where there is no key, the same.</summary>
    /// <param name="hash">How a key becomes a server.</param>
    /// <returns>The way of choosing.</returns>
    public Balance With(HashType hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return Description.HashType is null ? this : new(Description with { HashType = hash }, _create);
    }

    /// <summary>The same, with the place that messages name where something is wrong with it.</summary>
    /// <param name="origin">The place, as in <c>gateway.cfg:12</c>.</param>
    /// <returns>The way of choosing.</returns>
    public Balance From(string origin) => new(Description with { Origin = origin }, _create);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the strategy of one backend.</summary>
    /// <param name="compiler">Makes expressions ready, where the choice goes by one.</param>
    /// <exception cref="RuleFaultException">The expression cannot be used there.</exception>
    internal IBalancingStrategy Create(RuleCompiler compiler) => _create?.Invoke(compiler) ?? BuiltInStrategies.Create(Description, compiler);

    private static Balance Keyed(BalanceKind kind, string name, HashType? hash)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(new(kind) { KeyName = name, HashType = hash ?? HashType.Bounded });
    }

    private static Balance Own(Type type, Func<RuleCompiler, IBalancingStrategy> create) => new(new(BalanceKind.Custom) { Strategy = type.Name }, create);
}

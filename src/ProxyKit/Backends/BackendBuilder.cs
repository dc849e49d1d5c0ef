using System.Globalization;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.CircuitBreakers;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Expressions;
using ProxyKit.Transport.Tls;

namespace ProxyKit;

/// <summary>Says what a backend is. Each verb sets what <see cref="BackendOptions"/> documents under the same name.</summary>
public sealed class BackendBuilder
{
    private readonly BackendOptions _options;

    internal BackendBuilder(BackendOptions options) => _options = options;

    /// <summary>Adds a server.</summary>
    /// <param name="name">Its name, unique in the backend.</param>
    /// <param name="address">Its address. See <see cref="ServerOptions.Address"/> for its forms.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder AddServer(string name, string address, Action<ServerBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(address);
        var server = new ServerOptions { Name = name, Address = address };
        configure?.Invoke(new ServerBuilder(server));
        return Set(o => o.Servers.Add(server));
    }

    /// <summary>Adds servers that differ in nothing but their names, as for a name that has several addresses. HAProxy: <c>server-template</c>.</summary>
    /// <param name="prefix">What their names begin with; their numbers follow it, from 1.</param>
    /// <param name="count">How many; 1 or more.</param>
    /// <param name="address">Their address.</param>
    /// <param name="configure">Says more about each of them.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder AddServers(string prefix, int count, string address, Action<ServerBuilder>? configure = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        for (var number = 1; number <= count; number++)
        {
            AddServer(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"), address, configure);
        }

        return this;
    }

    /// <summary>Sets what the servers speak.</summary>
    /// <param name="mode">HTTP or TCP.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Mode(ProxyMode mode) => Set(o => o.Mode = mode);

    /// <summary>Gives it a number. See <see cref="BackendOptions.Id"/>.</summary>
    /// <param name="number">1 or more.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Id(int number) => Set(o => o.Id = number);

    /// <summary>Sets how a server is chosen.</summary>
    /// <param name="balance">A built-in way, or <see cref="ProxyKit.Balance.Custom(IBalancingStrategy)"/>.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Balance(Balance balance)
    {
        ArgumentNullException.ThrowIfNull(balance);
        return Set(o => o.Balance = balance);
    }

    /// <summary>Chooses servers with a strategy of your own; the backend gets its own instance.</summary>
    /// <typeparam name="TStrategy">The strategy.</typeparam>
    /// <returns>This builder.</returns>
    public BackendBuilder Balance<TStrategy>()
        where TStrategy : IBalancingStrategy, new() => Balance(ProxyKit.Balance.Custom<TStrategy>());

    /// <summary>Chooses servers with the given instance of a strategy of your own.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Balance(IBalancingStrategy strategy) => Balance(ProxyKit.Balance.Custom(strategy));

    /// <summary>Has all backup servers share the work once no other is left.</summary>
    /// <returns>This builder.</returns>
    public BackendBuilder UseAllBackups() => Set(o => o.UseAllBackups = true);

    /// <summary>Says when clients may share server connections.</summary>
    /// <param name="reuse">The policy.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Reuse(ConnectionReuse reuse) => Set(o => o.Reuse = reuse);

    /// <summary>Sets how many further attempts follow a failed one, and whether they may go to another server.</summary>
    /// <param name="count">0 to 100.</param>
    /// <param name="redispatch">Whether another server may be tried.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Retries(int count, bool redispatch = true) => Set(o =>
    {
        o.Retries = count;
        o.Redispatch = redispatch;
    });

    /// <summary>Says what a failed attempt is followed by another one for. See <see cref="BackendOptions.RetryOn"/>.</summary>
    /// <param name="causes">The failures.</param>
    /// <param name="statuses">The statuses of responses that count as failures.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder RetryOn(RetryCauses causes, params ReadOnlySpan<int> statuses)
    {
        _options.RetryOn = causes;
        _options.RetryOnStatuses.Clear();
        foreach (var status in statuses)
        {
            _options.RetryOnStatuses.Add(status);
        }

        return this;
    }

    /// <summary>Leaves servers that fail, or the backend itself, alone for a time.</summary>
    /// <param name="configure">Says when and how.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder CircuitBreaker(Action<CircuitBreakerBuilder>? configure = null)
    {
        var breaker = new CircuitBreakerOptions();
        configure?.Invoke(new CircuitBreakerBuilder(breaker));
        return Set(o => o.CircuitBreakers.Add(breaker));
    }

    /// <summary>Limits the part of the backend's requests that may be further attempts. See <see cref="BackendOptions.RetryBudget"/>.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    /// <param name="floor">How many there may be in any case.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder RetryBudget(double share, int floor = 3) => Set(o => (o.RetryBudget, o.RetryBudgetFloor) = (share, floor));

    /// <summary>Limits an attempt to connect. See <see cref="BackendOptions.ConnectTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for none.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder ConnectTimeout(TimeSpan? limit) => Set(o => o.ConnectTimeout = limit);

    /// <summary>Limits the wait for a server that may start on a request. See <see cref="BackendOptions.QueueTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for that of connecting.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder QueueTimeout(TimeSpan? limit) => Set(o => o.QueueTimeout = limit);

    /// <summary>Says how requests wait for a server that has room.</summary>
    /// <param name="configure">Says it: <c>queue => queue.Timeout(TimeSpan.FromSeconds(5)).Max(500)</c>.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Queue(Action<QueueBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(o => configure(new QueueBuilder(o)));
    }

    /// <summary>Sets the load at which servers get all their connections. See <see cref="BackendOptions.FullConnections"/>.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder FullConnections(int count) => Set(o => o.FullConnections = count);

    /// <summary>Limits a server's inactivity. See <see cref="BackendOptions.ServerTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for none.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder ServerTimeout(TimeSpan? limit) => Set(o => o.ServerTimeout = limit);

    /// <summary>Limits a tunnel's silence. See <see cref="BackendOptions.TunnelTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for the client's and the server's.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder TunnelTimeout(TimeSpan? limit) => Set(o => o.TunnelTimeout = limit);

    /// <summary>Adds rules that are asked on what the client has sent. HAProxy: <c>tcp-request content</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder OnContent(Action<ContentRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ContentRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each request. HAProxy: <c>http-request</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder OnRequest(Action<RequestRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new RequestRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on what the server has sent. HAProxy: <c>tcp-response content</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder OnResponseContent(Action<ResponseContentRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ResponseContentRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each response of a server. HAProxy: <c>http-response</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder OnResponse(Action<ResponseRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ResponseRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each final response, the proxy's own included. HAProxy: <c>http-after-response</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder OnAfterResponse(Action<AfterResponseRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new AfterResponseRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public BackendBuilder Configure(Action<BackendOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(configure);
    }

    private BackendBuilder Set(Action<BackendOptions> change)
    {
        change(_options);
        return this;
    }
}

/// <summary>Says what a server is. Each verb sets what <see cref="ServerOptions"/> documents under the same name.</summary>
public sealed class ServerBuilder
{
    private readonly ServerOptions _options;

    internal ServerBuilder(ServerOptions options) => _options = options;

    /// <summary>Sets the share of work relative to the other servers.</summary>
    /// <param name="weight">0 to 256.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder Weight(int weight) => Set(o => o.Weight = weight);

    /// <summary>Limits how many requests the server works on at once; more wait. See <see cref="ServerOptions.MaxConnections"/>.</summary>
    /// <param name="count">The limit; 0 for none.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder MaxConnections(int count) => Set(o => o.MaxConnections = count);

    /// <summary>Lets the limit grow with the backend's load. See <see cref="ServerOptions.MinConnections"/>.</summary>
    /// <param name="least">The limit while there is little to do.</param>
    /// <param name="most">The limit at full load.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder MaxConnections(int least, int most) => Set(o => (o.MinConnections, o.MaxConnections) = (least, most));

    /// <summary>Limits how many requests may wait for this server and no other. See <see cref="ServerOptions.MaxQueue"/>.</summary>
    /// <param name="count">The limit; 0 for none.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder MaxQueue(int count) => Set(o => o.MaxQueue = count);

    /// <summary>Has the limit count open connections too, idle ones included. See <see cref="ServerOptions.LimitsSockets"/>.</summary>
    /// <returns>This builder.</returns>
    public ServerBuilder LimitSockets() => Set(o => o.LimitsSockets = true);

    /// <summary>Gives the server its work little by little once it has come back. See <see cref="ServerOptions.SlowStart"/>.</summary>
    /// <param name="duration">How long it takes until it gets all of it.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder SlowStart(TimeSpan duration) => Set(o => o.SlowStart = duration);

    /// <summary>Tells the server whose connections it gets, by the PROXY protocol. See <see cref="ServerOptions.ProxyProtocol"/>.</summary>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder ProxyProtocol(Action<ProxyProtocolOptions>? configure = null)
    {
        var header = new ProxyProtocolOptions();
        configure?.Invoke(header);
        return Set(o => o.ProxyProtocol = header);
    }

    /// <summary>Uses the server only when no other is left.</summary>
    /// <returns>This builder.</returns>
    public ServerBuilder Backup() => Set(o => o.IsBackup = true);

    /// <summary>Speaks TLS to the server, whose certificate must verify.</summary>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder Tls(Action<ServerTlsOptions>? configure = null) => Set(o =>
    {
        o.Tls = new ServerTlsOptions();
        configure?.Invoke(o.Tls);
    });

    /// <summary>Asks the server for another name for each request. See <see cref="ServerOptions.TlsHostName"/>.</summary>
    /// <param name="name">What gives the name.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder TlsHostName(Expression name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Set(o => o.TlsHostName = name);
    }

    /// <summary>Has resolvers find the server's address while the proxy runs. See <see cref="ServerOptions.Resolution"/>.</summary>
    /// <param name="resolvers">The name of the group of resolvers.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder Resolve(string resolvers, Action<ServerResolutionOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(resolvers);
        return Set(o =>
        {
            o.Resolution = new ServerResolutionOptions { Resolvers = resolvers };
            configure?.Invoke(o.Resolution);
        });
    }

    /// <summary>Connects from a local address.</summary>
    /// <param name="address">The address, with or without a port.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder Source(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return Set(o => o.Source = address);
    }

    /// <summary>Limits how many idle connections are kept.</summary>
    /// <param name="count">0 keeps none.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder MaxIdleConnections(int count) => Set(o => o.MaxIdleConnections = count);

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public ServerBuilder Configure(Action<ServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(configure);
    }

    private ServerBuilder Set(Action<ServerOptions> change)
    {
        change(_options);
        return this;
    }
}

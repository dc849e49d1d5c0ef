using ProxyKit.Frontends;
using ProxyKit.Http;
using ProxyKit.Metering;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Transport.Tls;

namespace ProxyKit;

/// <summary>Says what a frontend is. Each verb sets what <see cref="FrontendOptions"/> documents under the same name.</summary>
public sealed class FrontendBuilder
{
    private readonly FrontendOptions _options;

    internal FrontendBuilder(FrontendOptions options) => _options = options;

    /// <summary>Listens on an address. See <see cref="BindOptions.Address"/> for its forms.</summary>
    /// <param name="address">The address.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Bind(string address, Action<BindBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        var bind = new BindOptions { Address = address };
        configure?.Invoke(new BindBuilder(bind));
        _options.Binds.Add(bind);
        return this;
    }

    /// <summary>Sets what clients speak.</summary>
    /// <param name="mode">HTTP or TCP.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Mode(ProxyMode mode) => Set(o => o.Mode = mode);

    /// <summary>Gives it a number. See <see cref="FrontendOptions.Id"/>.</summary>
    /// <param name="number">1 or more.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Id(int number) => Set(o => o.Id = number);

    /// <summary>Sends requests for which a condition holds to a backend; the first such route decides.</summary>
    /// <param name="condition">The condition, from <see cref="Match"/>.</param>
    /// <param name="to">The backend's name.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Route(Condition condition, string to)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentException.ThrowIfNullOrEmpty(to);
        return Set(o => o.Routes.Add(new RouteOptions(condition, to)));
    }

    /// <summary>Has the tiers of a group say how much clients may have.</summary>
    /// <param name="name">The group's name.</param>
    /// <param name="unless">Which requests are left alone; null for none.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder UseTiers(string name, Condition? unless = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Set(o => (o.Tiers, o.TiersUnless) = (name, unless));
    }

    /// <summary>Tells clients what they have used. See <see cref="FrontendOptions.UsagePath"/>.</summary>
    /// <param name="path">The path at which they ask.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder UsageEndpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Set(o => o.UsagePath = path);
    }

    /// <summary>Names the backend of what no route takes.</summary>
    /// <param name="name">The backend's name.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder DefaultBackend(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Set(o => o.DefaultBackend = name);
    }

    /// <summary>Answers those who want to know whether the proxy works. See <see cref="FrontendOptions.MonitorTarget"/>.</summary>
    /// <param name="target">The target of their requests.</param>
    /// <param name="failsWhen">When the answer is that it does not.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Monitor(string target, params Condition[] failsWhen)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(failsWhen);
        return Set(o =>
        {
            o.MonitorTarget = target;
            foreach (var condition in failsWhen)
            {
                o.MonitorFailures.Add(condition);
            }
        });
    }

    /// <summary>Limits how many connections the frontend serves at once.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder MaxConnections(int count) => Set(o => o.MaxConnections = count);

    /// <summary>Limits how many sessions begin in a second. See <see cref="FrontendOptions.MaxSessionRate"/>.</summary>
    /// <param name="count">The limit.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder MaxSessionRate(int count) => Set(o => o.MaxSessionRate = count);

    /// <summary>Tells servers who the client was.</summary>
    /// <param name="headers">Which fields are added.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Forwarded(ForwardedHeaders headers) => Set(o => o.ForwardedHeaders = headers);

    /// <summary>Limits a client's inactivity. See <see cref="FrontendOptions.ClientTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for none.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder ClientTimeout(TimeSpan? limit) => Set(o => o.ClientTimeout = limit);

    /// <summary>Limits the time a request's head may take. See <see cref="FrontendOptions.RequestHeadTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for none of its own.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder RequestHeadTimeout(TimeSpan? limit) => Set(o => o.RequestHeadTimeout = limit);

    /// <summary>Limits the wait for a connection's next request. See <see cref="FrontendOptions.KeepAliveTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for none of its own.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder KeepAliveTimeout(TimeSpan? limit) => Set(o => o.KeepAliveTimeout = limit);

    /// <summary>Says which connections are kept for further requests.</summary>
    /// <param name="mode">The mode.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder ConnectionMode(ConnectionMode mode) => Set(o => o.ConnectionMode = mode);

    /// <summary>Counts something here. See <see cref="MeterOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="quantity">How much a request counts for.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Meter(string name, Expression quantity)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(quantity);
        return Set(o => o.Meters.Add(new MeterOptions { Name = name, Quantity = quantity }));
    }

    /// <summary>Counts something here, in C#. See <see cref="MeterOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="measure">How much a request counts for.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Meter(string name, Func<HttpExchange, long> measure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(measure);
        return Set(o => o.Meters.Add(new MeterOptions { Name = name, Measure = measure }));
    }

    /// <summary>Says whether what is used here is written down. See <see cref="FrontendOptions.IsMetered"/>.</summary>
    /// <param name="isMetered">Whether it is.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Metered(bool isMetered) => Set(o => o.IsMetered = isMetered);

    /// <summary>Switches the access log of this frontend on or off.</summary>
    /// <param name="enabled">Whether lines are written.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder AccessLog(bool enabled) => Set(o => o.AccessLog = enabled);

    /// <summary>Adds rules that are asked when a connection was accepted. HAProxy: <c>tcp-request connection</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnConnection(Action<ConnectionRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ConnectionRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked once per connection, behind its handshakes. HAProxy: <c>tcp-request session</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnSession(Action<SessionRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new SessionRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on what the client has sent. HAProxy: <c>tcp-request content</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnContent(Action<ContentRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ContentRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each request. HAProxy: <c>http-request</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnRequest(Action<RequestRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new RequestRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each response of a server. HAProxy: <c>http-response</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnResponse(Action<ResponseRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new ResponseRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Adds rules that are asked on each final response, the proxy's own included. HAProxy: <c>http-after-response</c>.</summary>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder OnAfterResponse(Action<AfterResponseRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules(new AfterResponseRulesBuilder(_options.Rules));
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public FrontendBuilder Configure(Action<FrontendOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(configure);
    }

    private FrontendBuilder Set(Action<FrontendOptions> change)
    {
        change(_options);
        return this;
    }
}

/// <summary>Says what a bind is.</summary>
public sealed class BindBuilder
{
    private readonly BindOptions _options;

    internal BindBuilder(BindOptions options) => _options = options;

    /// <summary>Serves TLS on this address.</summary>
    /// <param name="certificatePath">A PEM file with the certificate, its chain, and the private key (or the key in a <c>.key</c> file beside it).</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>This builder.</returns>
    public BindBuilder Tls(string certificatePath, Action<BindTlsOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificatePath);
        var tls = new BindTlsOptions { CertificatePath = certificatePath };
        configure?.Invoke(tls);
        _options.Tls = tls;
        return this;
    }

    /// <summary>Has connections begin with a header of the PROXY protocol. See <see cref="BindOptions.AcceptsProxyProtocol"/>.</summary>
    /// <returns>This builder.</returns>
    public BindBuilder AcceptProxyProtocol()
    {
        _options.AcceptsProxyProtocol = true;
        return this;
    }

    /// <summary>Has connections begin with a header of the PROXY protocol, from these senders alone.</summary>
    /// <param name="senders">Networks or addresses. See <see cref="BindOptions.TrustedSenders"/>.</param>
    /// <returns>This builder.</returns>
    public BindBuilder AcceptProxyProtocol(params string[] senders)
    {
        ArgumentNullException.ThrowIfNull(senders);
        foreach (var sender in senders)
        {
            _options.TrustedSenders.Add(sender);
        }

        return AcceptProxyProtocol();
    }

    /// <summary>Has connections begin with the header of a NetScaler. See <see cref="BindOptions.NetScalerMagic"/>.</summary>
    /// <param name="magic">The number that it begins with.</param>
    /// <returns>This builder.</returns>
    public BindBuilder AcceptNetScalerHeader(long magic)
    {
        _options.NetScalerMagic = magic;
        return this;
    }

    /// <summary>Names the bind, for logs.</summary>
    /// <param name="name">The name.</param>
    /// <returns>This builder.</returns>
    public BindBuilder Name(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _options.Name = name;
        return this;
    }

    /// <summary>Gives it a number. See <see cref="BindOptions.Id"/>.</summary>
    /// <param name="number">1 or more.</param>
    /// <returns>This builder.</returns>
    public BindBuilder Id(int number)
    {
        _options.Id = number;
        return this;
    }

    /// <summary>Sets how many connections may wait in the kernel's queue.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public BindBuilder Backlog(int count)
    {
        _options.Backlog = count;
        return this;
    }

    /// <summary>Limits how many client connections of this address are served at once. See <see cref="BindOptions.MaxConnections"/>.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public BindBuilder MaxConnections(int count)
    {
        _options.MaxConnections = count;
        return this;
    }

    /// <summary>Leaves IPv4 alone on an IPv6 wildcard address.</summary>
    /// <returns>This builder.</returns>
    public BindBuilder IPv6Only()
    {
        _options.IPv6Only = true;
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public BindBuilder Configure(Action<BindOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }
}

using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Resolvers;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes a backend of a <c>backend</c> or <c>listen</c> section.</summary>
internal sealed class BackendMapper(ConfigModel model, HAProxyConfigurationOptions options, DiagnosticList diagnostics)
{
    private readonly ServerTlsMapper _tls = new(model, diagnostics);
    private readonly StickinessMapper _stickiness = new(model, diagnostics);
    private readonly HealthMapper _health = new(model, new ServerTlsMapper(model, diagnostics), diagnostics);

    /// <inheritdoc cref="HealthMapper.Check"/>
    public void Check(HealthCheckSection section) => _health.Check(section);

    public BackendOptions Map(ProxySection proxy)
    {
        var settings = proxy.Settings;
        var mapped = new BackendOptions
        {
            Name = proxy.Name,
            Mode = settings.Mode,
            ForwardedFor = proxy.IsHttp ? settings.ForwardedFor : null,
            OriginalTo = proxy.IsHttp ? settings.OriginalTo : null,
            Forwarded = proxy.IsHttp ? settings.Forwarded : null,
            Balance = MapBalance(proxy),
            UseAllBackups = settings.UseAllBackups ?? false,
            ConnectTimeout = settings.Timeout("connect"),
            QueueTimeout = settings.Timeout("queue"),
            FullConnections = settings.FullConnections,
            ServerTimeout = settings.Timeout("server"),
            ServerFinTimeout = settings.Timeout("server-fin"),
            TarpitTimeout = settings.Timeout("tarpit") ?? settings.Timeout("connect"),
            TunnelTimeout = settings.Timeout("tunnel"),
            Retries = settings.Retries ?? 3,
            RetryOn = settings.RetryOn ?? RetryCauses.ConnectFailure,
            Redispatch = settings.Redispatch ?? false,
            AbortOnClose = settings.AbortOnClose ?? proxy.IsHttp, // of HTTP, since 3.3
            Reuse = settings.Reuse ?? ConnectionReuse.Safe,
            ServerNameHeader = proxy.IsHttp ? settings.ServerNameHeader : null,
            CloseServerConnections = settings.ConnectionMode is ConnectionMode.ServerClose or ConnectionMode.Close,
        };
        ConnectionMapper.Map(proxy, mapped);
        _health.Map(proxy, mapped);
        foreach (var server in proxy.Servers)
        {
            mapped.Servers.Add(Map(proxy, server));
        }

        foreach (var status in settings.RetryOnStatuses)
        {
            mapped.RetryOnStatuses.Add(status);
        }

        foreach (var (page, _) in settings.ErrorPages)
        {
            mapped.ErrorPages.Add(page);
        }

        _stickiness.Map(proxy, mapped);
        RuleMapper.MapBack(proxy, model, mapped);
        return mapped;
    }

    /// <summary>How servers are chosen: the line that says so, and those about hashes.</summary>
    private Balance MapBalance(ProxySection proxy)
    {
        var settings = proxy.Settings;
        var balance = settings.Balance ?? options.DefaultBalance;
        if (!proxy.IsHttp && balance.Description.Kind is BalanceKind.Uri or BalanceKind.UrlParameter or BalanceKind.Header)
        {
            diagnostics.Warning(proxy.Place, $"Layer 7 hash not possible for {proxy} (needs 'mode http'). Falling back to round robin.");
            return Balance.RoundRobin;
        }

        if (balance.Description.Kind == BalanceKind.Random && settings.HashBalanceFactor > 0)
        {
            diagnostics.Warning(
                settings.Places.GetValueOrDefault("hash-balance-factor", proxy.Place),
                $"'hash-balance-factor' has no effect in {proxy}: 'balance random' draws from all servers, however busy they are.");
        }

        var type = settings.HashType ?? HashType.MapBased;
        return balance.With(type.Placement == HashPlacement.MapBased ? type : type with // of a table neither means anything
        {
            BalanceFactor = settings.HashBalanceFactor is > 0 ? settings.HashBalanceFactor : null,
            Affinity = settings.HashAffinity ?? HashAffinity.Always,
        });
    }

    private ServerOptions Map(ProxySection proxy, ServerSection server)
    {
        var settings = server.Settings;
        var mapped = new ServerOptions
        {
            Name = server.Name,
            Address = server.Address.ToString(),
            Weight = settings.Weight ?? 1,
            MaxConnections = settings.MaxConnections,
            MinConnections = settings.MinConnections,
            MaxQueue = settings.MaxQueue,
            LimitsSockets = settings.LimitsSockets == true && (settings.MaxConnections > 0 || settings.MinConnections > 0),
            Id = settings.Id,
            Guid = settings.Guid,
            HashKey = settings.HashKey ?? ServerHashKey.Id,
            SlowStart = settings.SlowStart is { } slowStart && slowStart > TimeSpan.Zero ? slowStart : null,
            IsBackup = settings.IsBackup ?? false,
            Source = (settings.Source ?? proxy.Settings.Connections.Source) is { Length: > 0 } source ? source : null,
            Interface = settings.Source is null ? settings.Interface ?? proxy.Settings.Connections.Interface : settings.Interface,
            Socks4Proxy = settings.Socks4Proxy,
            RedirectPrefix = proxy.IsHttp ? settings.RedirectPrefix : null,
            Resolution = MapResolution(server),
            Cookie = CookieOf(proxy, server),
            IsNonStick = settings.IsNonStick ?? false,
            Tls = settings.IsSecure == true ? _tls.Map(proxy, server) : null,
            TlsHostName = settings.IsSecure == true ? ServerTlsMapper.RequestedName(proxy, settings) : null,
            ProxyProtocol = ProxyProtocolOf(server),
            PoolName = proxy.IsHttp ? settings.PoolName : null,
            MaxIdleConnections = settings.MaxIdleConnections is >= 0 ? settings.MaxIdleConnections : null,
            MaxReuse = settings.MaxReuse is >= 0 ? settings.MaxReuse : null,
        };
        if (settings.IdlePurgeInterval is { } interval)
        {
            mapped.IdlePurgeInterval = interval;
        }

        _health.Map(proxy, server, mapped);
        if (mapped.Tls is null && mapped.Check?.Tls is null && settings is { TlsWord: var (word, place), Health.UsesTls: not true })
        {
            diagnostics.Warning(place, $"'server {server.Name}' in {proxy} : '{word}' has no effect without 'ssl': the server is spoken to in plain text.");
        }

        return mapped;
    }

    /// <summary>Any word about it has a header sent, as in HAProxy; those about version 2 do nothing where it is version 1.</summary>
    private ProxyProtocolOptions? ProxyProtocolOf(ServerSection server)
    {
        var settings = server.Settings.Proxy;
        var isMore = settings.Facts != ProxyProtocolFacts.None || settings.Fields.Count > 0;
        if (settings is { SendsText: false, SendsBinary: false } && settings.Facts == ProxyProtocolFacts.None)
        {
            if (isMore)
            {
                diagnostics.Warning(server.Place, $"'server {server.Name}' : 'set-proxy-v2-tlv-fmt' has no effect without 'send-proxy-v2'.");
            }

            return null;
        }

        if (!settings.SendsBinary)
        {
            if (isMore)
            {
                diagnostics.Warning(
                    server.Place, $"'server {server.Name}' : without 'send-proxy-v2' version 1 of the PROXY protocol is sent, in which there is no room for options.");
            }

            return new ProxyProtocolOptions { Version = ProxyProtocolVersion.Text };
        }

        var mapped = new ProxyProtocolOptions { Facts = settings.Facts };
        foreach (var (type, value) in settings.Fields)
        {
            mapped.Fields[type] = value;
        }

        return mapped;
    }

    /// <summary>Nothing is looked up of a server that has an address.</summary>
    private static ServerResolutionOptions? MapResolution(ServerSection server)
    {
        var settings = server.Settings;
        if (settings.Resolvers is not var (name, _) || !server.Address.IsName)
        {
            return null;
        }

        var mapped = new ServerResolutionOptions
        {
            Resolvers = name,
            Prefer = settings.ResolvePreference ?? AddressPreference.IPv6,
            AllowsSameAddress = settings.AllowsSameAddress ?? false,
            IgnoresWeight = settings.IgnoresResolvedWeight ?? false,
            InitialAddress = server.Address.First,
        };
        foreach (var network in settings.ResolveNetworks)
        {
            mapped.PreferredNetworks.Add(network);
        }

        return mapped;
    }

    /// <summary>In TCP mode there is none.</summary>
    private string? CookieOf(ProxySection proxy, ServerSection server)
    {
        if (server.Settings.Cookie is not { } cookie)
        {
            return null;
        }

        if (!proxy.IsHttp)
        {
            diagnostics.Warning(server.Place, $"proxy '{proxy.Name}' : ignoring cookie for server '{server.Name}' as HTTP mode is disabled.");
            return null;
        }

        var end = proxy.Settings.Cookie?.Options.Mode == StickyCookieMode.Prefix ? '~' : '|';
        foreach (var c in cookie.Where(c => char.IsControl(c) || !char.IsAscii(c) || c is ' ' or ';' or ',' or '"' or '\\' || c == end))
        {
            diagnostics.Alert(server.Place, $"'server {server.Name}' : character '{(char.IsControl(c) ? $"%x{(int)c:X2}" : c)}' is not possible in cookie '{cookie}': it would end the value.");
            return null;
        }

        return cookie;
    }
}

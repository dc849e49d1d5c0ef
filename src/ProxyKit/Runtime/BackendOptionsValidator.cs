using System.Net;
using System.Net.Sockets;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with a backend and its servers.</summary>
internal static class BackendOptionsValidator
{
    private static readonly int[] RetryStatuses = [401, 403, 404, 408, 421, 425, 429, 500, 501, 502, 503, 504];
    private const int LongestGuid = 127;
    private const int MostServers = 65_536; // that a hash ring can tell apart

    public static void Validate(BackendOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckDefined(nameof(options.Mode), options.Mode);
        path.CheckDefined(nameof(options.Reuse), options.Reuse);
        path.CheckDefined(nameof(options.OddHeaderNames), options.OddHeaderNames);
        HttpOptionsValidator.Validate(options, path);
        TcpKeepAliveValidator.Validate(options.TcpKeepAlive, path.In(nameof(options.TcpKeepAlive)));
        path.CheckLimit(nameof(options.ConnectTimeout), options.ConnectTimeout);
        path.CheckLimit(nameof(options.ServerTimeout), options.ServerTimeout);
        path.CheckLimit(nameof(options.ServerFinTimeout), options.ServerFinTimeout);
        path.CheckLimit(nameof(options.TunnelTimeout), options.TunnelTimeout);
        path.CheckLimit(nameof(options.TarpitTimeout), options.TarpitTimeout);
        path.CheckLimit(nameof(options.QueueTimeout), options.QueueTimeout);
        path.CheckRange(nameof(options.FullConnections), options.FullConnections, 1, int.MaxValue);
        path.CheckRange(nameof(options.MaxKeepAliveQueue), options.MaxKeepAliveQueue, 0, int.MaxValue);
        var queue = path.In(nameof(options.Queue));
        queue.CheckRange(nameof(options.Queue.Max), options.Queue.Max, 1, int.MaxValue);
        if (options.Queue is { FairWeight: not null, FairBy: null })
        {
            queue.Add(nameof(options.Queue.FairWeight), "needs FairBy");
        }

        if (options is { Queue.TellsRetryAfter: true, Mode: not ProxyMode.Http })
        {
            queue.Add(nameof(options.Queue.TellsRetryAfter), "is for HTTP only");
        }

        AddressFieldValidator.Validate(nameof(options.ForwardedFor), options.ForwardedFor, options.Mode, path);
        AddressFieldValidator.Validate(nameof(options.OriginalTo), options.OriginalTo, options.Mode, path);
        ProxyProtocolValidator.ValidateNameHeader(options, path);
        if (options is { Forwarded: not null, Mode: not ProxyMode.Http })
        {
            path.Add(nameof(options.Forwarded), "is for HTTP only");
        }

        path.CheckRange(nameof(options.Retries), options.Retries, 0, 100);
        path.CheckRange(nameof(options.ReplayLimit), options.ReplayLimit, 0, 16 * 1024 * 1024);
        path.CheckRange(nameof(options.RetryBudgetFloor), options.RetryBudgetFloor, 0, int.MaxValue);
        if (options.RetryBudget is not (null or > 0 and <= 1))
        {
            path.Add(nameof(options.RetryBudget), $"{options.RetryBudget} is out of range (above 0, up to 1)");
        }

        foreach (var status in options.RetryOnStatuses)
        {
            if (!RetryStatuses.Contains(status))
            {
                path.Add(nameof(options.RetryOnStatuses), $"{status} is none of {string.Join(", ", RetryStatuses)}");
            }
        }

        ValidateResilience(options, path);
        CheckOptionsValidator.Validate(options, path);
        CircuitBreakerOptionsValidator.Validate(options, path);
        RuleOptionsValidator.Validate(options.Rules, isFrontend: false, options.Mode, path);
        StickyOptionsValidator.Validate(options, path);
        BalanceValidator.Validate(options.Balance, options.Mode, path);
        if (options.Servers.Count > MostServers)
        {
            path.Add(nameof(options.Servers), $"{options.Servers.Count} are too many: up to {MostServers} are possible");
        }

        foreach (var (server, position) in path.Elements(nameof(options.Servers), options.Servers))
        {
            ValidateServer(server, options, path.In("server", server.Name, position));
            CheckOptionsValidator.Validate(server, options, path.In("server", server.Name, position));
        }

        path.CheckUnique(nameof(options.Servers), options.Servers.Select(static s => s?.Name));
        foreach (var group in options.Servers.Where(static s => s?.Id is not null).GroupBy(static s => s.Id).Where(static g => g.Count() > 1))
        {
            path.Add(nameof(options.Servers), $"{string.Join(" and ", group.Select(static s => FaultPath.Quote(s.Name)))} have the same Id, {group.Key}");
        }
    }

    private static void ValidateResilience(BackendOptions options, FaultPath path)
    {
        const string OfRequests = "is about requests, of which TCP mode has none";
        if (options is { Resilience: not null, Mode: ProxyMode.Tcp })
        {
            path.Add(nameof(options.Resilience), OfRequests);
        }

        if (options.Hedge is not { } hedge)
        {
            return;
        }

        if (options.Mode == ProxyMode.Tcp)
        {
            path.Add(nameof(options.Hedge), OfRequests);
        }

        var place = path.In(nameof(options.Hedge));
        place.CheckRange(nameof(hedge.MaxAttempts), hedge.MaxAttempts, 2, 5);
        if (hedge.After <= TimeSpan.Zero || hedge.After.TotalMilliseconds > int.MaxValue)
        {
            place.Add(nameof(hedge.After), $"{hedge.After} is out of range (more than 0, at most 24.8 days)");
        }

        if (hedge.MaxShare is not (> 0 and <= 1))
        {
            place.Add(nameof(hedge.MaxShare), $"{hedge.MaxShare} is out of range (above 0, up to 1)");
        }
    }

    private static void ValidateServer(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckRange(nameof(options.Weight), options.Weight, 0, 256);
        path.CheckRange(nameof(options.MaxConnections), options.MaxConnections, 0, int.MaxValue);
        path.CheckRange(nameof(options.MinConnections), options.MinConnections, 0, int.MaxValue);
        path.CheckRange(nameof(options.MaxQueue), options.MaxQueue, 0, int.MaxValue);
        if (options.LimitsSockets && options.MaxConnections is not > 0 && options.MinConnections is not > 0)
        {
            path.Add(nameof(options.LimitsSockets), "needs MaxConnections");
        }

        path.CheckInterface(nameof(options.Interface), options.Interface);
        path.CheckRange(nameof(options.MaxIdleConnections), options.MaxIdleConnections, 0, int.MaxValue);
        path.CheckRange(nameof(options.MaxReuse), options.MaxReuse, 0, int.MaxValue);
        path.CheckTime(nameof(options.IdlePurgeInterval), options.IdlePurgeInterval);
        StickyOptionsValidator.ValidateValue(options, backend, path);
        path.CheckRange(nameof(options.Id), options.Id, 1, int.MaxValue);
        path.CheckDefined(nameof(options.HashKey), options.HashKey);
        path.CheckLimit(nameof(options.SlowStart), options.SlowStart);
        if (options.Guid is { } guid && (guid.Length is 0 or > LongestGuid || guid.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or ':' or '.'))))
        {
            path.Add(nameof(options.Guid), $"{FaultPath.Quote(guid)} is not 1 to {LongestGuid} letters, digits and - _ : . characters");
        }

        HttpOptionsValidator.Validate(options, backend, path);
        ValidateAddresses(options, backend, path);
        if (options.ProxyProtocol is { } header)
        {
            ProxyProtocolValidator.Validate(header, backend, path.In(nameof(options.ProxyProtocol)));
        }

        if (options.TlsHostName is not null)
        {
            ValidateRequestedName(options, backend, path);
        }

        if (options.PoolName is not null && (backend.Hedge is not null || backend.Mode == ProxyMode.Tcp))
        {
            path.Add(nameof(options.PoolName), backend.Hedge is null ? "is for HTTP alone" : "cannot go together with Hedge, for which it would be evaluated for several servers at a time");
        }

        if (options.Tls is { } tls)
        {
            ValidateTls(tls, backend, path.In(nameof(options.Tls)));
        }
    }

    /// <summary>The protocol has room for an address of IPv4 and no other.</summary>
    /// <returns>The proxy; null for none.</returns>
    private static IPEndPoint? ValidateSocks(ServerOptions options, EndPoint? endPoint, FaultPath path)
    {
        if (options.Socks4Proxy is not { } proxy)
        {
            return null;
        }

        if (!IPEndPoint.TryParse(proxy, out var parsed) || parsed.Port == 0)
        {
            path.Add(nameof(options.Socks4Proxy), $"{FaultPath.Quote(proxy)} is not an IP address with a port");
        }
        else if (parsed.Address.Equals(IPAddress.Any) || parsed.Address.Equals(IPAddress.IPv6Any))
        {
            path.Add(nameof(options.Socks4Proxy), $"{FaultPath.Quote(proxy)} is the address of no proxy");
        }

        if (endPoint is not null && endPoint.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.Unspecified))
        {
            path.Add(nameof(options.Socks4Proxy), $"leads to addresses of IPv4 alone, and '{options.Address}' is none");
        }

        return parsed;
    }

    private static void ValidateAddresses(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        if (!NetworkAddress.TryParseServer(options.Address ?? "", out var endPoint, out var portOffset, out var fault))
        {
            path.Add(nameof(options.Address), fault);
        }
        else if (portOffset is not null && options.IsCheckedIn(backend) && (options.Check ?? backend.CheckServers) is { Port: null }
            && !(options.HealthCheck ?? backend.HealthCheck).Steps.OfType<ConnectStep>().Any(static s => s.Port is not null || s.PortValue is not null))
        {
            path.Add(nameof(options.Check), "needs a Port, since the server's is that of each client");
        }

        var socks = ValidateSocks(options, endPoint, path);
        if (options.Source is not { } text)
        {
            return;
        }

        if (!NetworkAddress.TryParseSource(text, out var source))
        {
            path.Add(nameof(options.Source), $"'{text}' is not an IP address, with or without a port");
        }
        else if ((socks ?? endPoint) is { AddressFamily: not AddressFamily.Unspecified and var family } && family != source.AddressFamily)
        {
            path.Add(nameof(options.Source), $"'{text}' cannot connect to '{(socks is null ? options.Address : options.Socks4Proxy)}', an address of another kind");
        }
    }

    private static void ValidateRequestedName(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        if (options.Tls is null)
        {
            path.Add(nameof(options.TlsHostName), "needs Tls");
        }

        if (backend.Hedge is not null)
        {
            path.Add(nameof(options.TlsHostName), "cannot go together with Hedge, for which it would be evaluated for several servers at a time");
        }
    }

    private static void ValidateTls(ServerTlsOptions options, BackendOptions backend, FaultPath path)
    {
        if (options.HostName is { } name && Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            path.Add(nameof(options.HostName), $"{FaultPath.Quote(name)} is neither a host's name nor an address");
        }

        if (options.CaPath is { Length: 0 })
        {
            path.Add(nameof(options.CaPath), "is empty; null trusts what the system trusts");
        }
        else if (TlsClientContext.Check(options) is { } fault)
        {
            path.Add(fault);
        }
        else if (backend.Mode == ProxyMode.Http && options.ApplicationProtocols?.FirstOrDefault(static name => name is not ("http/1.1" or "http/1.0")) is { } protocol)
        {
            path.Add(nameof(options.ApplicationProtocols), $"{FaultPath.Quote(protocol)} is not spoken to servers in HTTP mode: HTTP/1 is");
        }
    }
}

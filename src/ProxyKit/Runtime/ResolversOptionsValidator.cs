using System.Net;
using System.Net.Sockets;
using ProxyKit.Backends;
using ProxyKit.Resolvers;
using ProxyKit.StickTables;
using ProxyKit.Transport;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with groups of resolvers, and with the servers that they look up.</summary>
internal static class ResolversOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        foreach (var (group, position) in root.Elements(nameof(options.Resolvers), options.Resolvers))
        {
            Validate(group, root.In("resolvers", group.Name, position));
        }

        root.CheckUnique(nameof(options.Resolvers), options.Resolvers.Select(static r => r?.Name));
        var names = options.Resolvers.Select(static r => r?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (index, backend) in options.Backends.Index())
        {
            foreach (var (place, server) in (backend?.Servers ?? []).Index())
            {
                if (server is not null)
                {
                    Validate(server, backend!, options, names, root.In("backend", backend!.Name, index + 1).In("server", server.Name, place + 1)); // a server is in one
                }
            }
        }
    }

    private static void Validate(ResolversOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        foreach (var (nameserver, position) in path.Elements(nameof(options.Nameservers), options.Nameservers))
        {
            var place = path.In("nameserver", nameserver.Name, position);
            place.CheckName(nameserver.Name);
            if (!IPEndPoint.TryParse(nameserver.Address ?? "", out var endPoint) || endPoint.Port == 0)
            {
                place.Add(nameof(nameserver.Address), $"{FaultPath.Quote(nameserver.Address ?? "")} is not an IP address and a port");
            }
        }

        path.CheckDefined(nameof(options.Accepts), options.Accepts);
        path.CheckUnique(nameof(options.Nameservers), options.Nameservers.Select(static n => n?.Name));
        ValidateFile(options, path);
        path.CheckRange(nameof(options.Attempts), options.Attempts, 1, 100);
        path.CheckRange(nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, 512, ushort.MaxValue);
        path.CheckLimit(nameof(options.RefreshInterval), options.RefreshInterval);
        path.CheckLimit(nameof(options.RetryTimeout), options.RetryTimeout);
        path.CheckTime(nameof(options.HoldValid), options.HoldValid);
        path.CheckTime(nameof(options.HoldObsolete), options.HoldObsolete);
        path.CheckTime(nameof(options.HoldNotFound), options.HoldNotFound);
        path.CheckTime(nameof(options.HoldRefused), options.HoldRefused);
        path.CheckTime(nameof(options.HoldTimedOut), options.HoldTimedOut);
        path.CheckTime(nameof(options.HoldOther), options.HoldOther);
    }

    private static void ValidateFile(ResolversOptions options, FaultPath path)
    {
        if (options.ResolvConfPath is not { } file)
        {
            return;
        }

        try
        {
            if (ResolvConf.Read(file).Count == 0)
            {
                path.Add(nameof(options.ResolvConfPath), $"{FaultPath.Quote(file)} names no nameserver");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            path.Add(nameof(options.ResolvConfPath), $"{FaultPath.Quote(file)} cannot be read: {e.Message}");
        }
    }

    private static void Validate(ServerOptions server, BackendOptions backend, ProxyOptions options, HashSet<string> names, FaultPath path)
    {
        var name = NetworkAddress.TryParseServer(server.Address ?? "", out var endPoint, out var portOffset, out _) ? endPoint as DnsEndPoint : null;
        if (server.Resolution is not { } resolution)
        {
            if (name is { Port: 0 } && portOffset is null)
            {
                path.Add(nameof(server.Address), "a service can only be looked up by resolvers: see Resolution");
            }

            return;
        }

        var place = path.In(nameof(server.Resolution));
        if (!names.Contains(resolution.Resolvers ?? ""))
        {
            place.Add(nameof(resolution.Resolvers), $"there are no resolvers {FaultPath.Quote(resolution.Resolvers ?? "")}");
        }

        place.CheckDefined(nameof(resolution.Prefer), resolution.Prefer);
        foreach (var network in resolution.PreferredNetworks.Where(static n => !IPNetwork.TryParse(n, out _)))
        {
            place.Add(nameof(resolution.PreferredNetworks), $"{FaultPath.Quote(network ?? "")} is not a network as 10.0.0.0/8 is one");
        }

        if (resolution.InitialAddress is { } first && !IPAddress.TryParse(first, out _))
        {
            place.Add(nameof(resolution.InitialAddress), $"{FaultPath.Quote(first)} is not an IP address");
        }

        if (server.Socks4Proxy is not null)
        {
            ValidateSocks(resolution, options, place);
        }

        if (name is null)
        {
            return; // there is nothing to look up
        }

        if (!DnsName.IsValid(name.Host))
        {
            path.Add(nameof(server.Address), $"'{server.Address}' is no name that can be looked up");
        }

        if (name.Host[0] == '_' && server.Tls is { Verify: true, HostName: null })
        {
            path.In(nameof(server.Tls)).Add(nameof(server.Tls.HostName), "is needed, since nameservers say which hosts the service has and prove nothing");
        }

        var needs = backend is { StickyCookie.IsDynamic: true } && server.Cookie is null ? "a dynamic cookie"
            : backend.RdpCookie is not null ? "a remote desktop cookie"
            : backend.StickRules.Any(r => TableOf(options, r?.Table is { Length: > 0 } table ? table : backend.Name) is { ServerKey: StickServerKey.Address }) ? "a stick table that knows servers by address"
            : null;
        if (needs is not null)
        {
            place.Add($"{needs} needs servers whose addresses stay as they are");
        }
    }

    /// <summary>The protocol has room for an address of IPv4 and no other.</summary>
    private static void ValidateSocks(ServerResolutionOptions resolution, ProxyOptions options, FaultPath place)
    {
        if (options.Resolvers.Any(r => r?.Name == resolution.Resolvers && r?.Accepts == AcceptedAddresses.IPv6))
        {
            place.Add(nameof(resolution.Resolvers), $"'{resolution.Resolvers}' take addresses of IPv6 alone, and a proxy of SOCKS version 4 leads to none");
        }

        if (IPAddress.TryParse(resolution.InitialAddress, out var first) && first is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            place.Add(nameof(resolution.InitialAddress), $"'{resolution.InitialAddress}' is none of IPv4, to which alone a proxy of SOCKS version 4 leads");
        }
    }

    private static StickTableOptions? TableOf(ProxyOptions options, string name) => options.StickTables.FirstOrDefault(t => t?.Name == name);
}

using System.Globalization;
using System.Net;
using ProxyKit.Backends;

namespace ProxyKit.Resolvers;

/// <summary>A server whose address is looked up: takes addresses and gives them up, in HAProxy's words. Called by one at a time.</summary>
/// <param name="server">The server.</param>
/// <param name="options">What was written about it; it is valid.</param>
/// <param name="host">The name to look up, in lower case.</param>
/// <param name="port">Its port; that of a service comes with its record.</param>
internal sealed class ResolvedServer(Server server, ServerResolutionOptions options, string host, int port)
{
    private readonly IPNetwork[] _networks = [.. options.PreferredNetworks.Select(static n => IPNetwork.Parse(n))];

    public ServerState State => server.State;

    /// <summary>The name of its group of resolvers.</summary>
    public string Resolvers => options.Resolvers;

    /// <summary>The name that was written.</summary>
    public string Host => host;

    public bool IsOfService => host[0] == '_';

    /// <summary>Which addresses are looked up first.</summary>
    public AddressPreference Preference => options.Prefer;

    /// <summary>Whether no others are of use than those of IPv4: a proxy of SOCKS version 4 leads to no others.</summary>
    public bool TakesIPv4Alone => server.Socks4Proxy is not null;

    public bool AllowsSameAddress => options.AllowsSameAddress;

    public bool IgnoresWeight => options.IgnoresWeight;

    /// <summary>The port of the addresses that come.</summary>
    public int Port { get; set; } = port;

    /// <summary>The address that it has; null for none.</summary>
    public IPAddress? Address => Place.EndPoint?.Address;

    /// <summary>Where its service has put it: a host's name; null for nowhere, and for a server of no service.</summary>
    public string? Target => Place.Host;

    private ServerPlace Place => server.State.Place!; // it is looked up

    /// <summary>Whether an address is one that is taken rather than others.</summary>
    public bool Prefers(IPAddress address) => Array.Exists(_networks, n => n.Contains(address));

    /// <summary>Takes an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="by">Who told it.</param>
    /// <returns>Whether it is another one than it had.</returns>
    public bool MoveTo(IPAddress address, string by)
    {
        var (before, after) = (Place.EndPoint, new IPEndPoint(address, Port));
        if (after.Equals(before))
        {
            return false;
        }

        State.Move(after);
        if (!address.Equals(before?.Address))
        {
            State.Health.Note($"{server} changed its IP from {(before is null ? "(none)" : before.Address.ToString())} to {address} by {by}.");
        }

        State.Health.NoteAddress(Target ?? host);
        return true;
    }

    /// <summary>Has no address any more.</summary>
    /// <param name="why">Why, for the log.</param>
    public void Lose(string why)
    {
        if (Place.EndPoint is not null)
        {
            State.Health.NoteNoAddress(why); // out of use before its address is gone
            State.Move(null);
        }
    }

    /// <summary>Takes a place of its service, or with null none.</summary>
    public void Assign(DnsService? service)
    {
        if (service is not null && Target != service.Target)
        {
            State.Health.Note($"{server} changed its FQDN from {Target ?? "(null)"} to {service.Target} by 'SRV record'");
        }

        Place.Host = service?.Target;
        Port = service?.Port ?? 0;
        Weigh(service);
    }

    /// <summary>Takes the weight of its place.</summary>
    public void Weigh(DnsService? service)
    {
        if (!options.IgnoresWeight && service is not null && (service.Weight / 256) + 1 is var weight && State.Weight != weight)
        {
            State.SetWeight(weight);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{server} at {host}:{Port}");
}

namespace ProxyKit.Resolvers;

/// <summary>Gives servers the places that the SRV records of a service name: each keeps its own as long as there is a record of it, and those that are
/// free take new ones in their order.</summary>
internal sealed class ServiceLookup(NameResolution name, ResolverGroup group) : NameLookup(name, group)
{
    private readonly List<(DnsService Service, long SeenAt)> _known = [];

    /// <inheritdoc/>
    public override void Use(IReadOnlyList<ResolvedServer> servers)
    {
        foreach (var gone in Servers.Where(s => servers.All(other => other.State != s.State)))
        {
            Group.Servers.Detach(gone);
        }

        foreach (var server in servers)
        {
            var before = Servers.FirstOrDefault(s => s.State == server.State);
            if (before is not null)
            {
                Group.Servers.Detach(before);
            }

            if (server.Target is { } target) // of the configuration before
            {
                server.Port = before?.Port ?? server.State.Place!.EndPoint?.Port ?? server.Port; // it is looked up
                Group.Servers.Attach(target, server);
            }
        }

        base.Use(servers);
    }

    protected override void TakeValid(DnsAnswer answer)
    {
        var now = Group.Time.GetTimestamp();
        _known.RemoveAll(k => answer.Services.Any(s => IsSame(s, k.Service)) || Group.Time.GetElapsedTime(k.SeenAt, now) >= Group.Settings.HoldObsolete);
        _known.InsertRange(0, answer.Services.DistinctBy(static s => (s.Target, s.Port)).Select(s => (s, now)));
        foreach (var server in Servers.Where(static s => s.Target is not null).ToArray())
        {
            if (_known.Find(k => IsAt(server, k.Service)).Service is { } service)
            {
                server.Weigh(service);
                Settle(server, service);
            }
            else
            {
                Remove(server);
            }
        }

        foreach (var (service, _) in _known)
        {
            if (!Servers.Any(s => IsAt(s, service)) && Servers.FirstOrDefault(static s => s.Target is null) is { } free)
            {
                free.Assign(service);
                Settle(free, service);
            }
        }
    }

    protected override void GiveUp(DnsStatus status)
    {
        _known.Clear();
        foreach (var server in Servers.Where(static s => s.Target is not null))
        {
            Remove(server);
        }
    }

    /// <summary>Takes the address that came with the record; where none did, the host's name is asked for its own.</summary>
    private void Settle(ResolvedServer server, DnsService service)
    {
        if (service.Address is { } address && Group.Accepts(server, address))
        {
            Group.Servers.Detach(server);
            server.MoveTo(address, "DNS additional record");
        }
        else
        {
            Group.Servers.Attach(service.Target, server);
        }
    }

    private void Remove(ResolvedServer server)
    {
        Group.Servers.Detach(server);
        server.Lose("entry removed from SRV record");
        server.Assign(null);
    }

    private static bool IsSame(DnsService one, DnsService other) => one.Target == other.Target && one.Port == other.Port;

    private static bool IsAt(ResolvedServer server, DnsService service) => server.Target == service.Target && server.Port == service.Port;
}

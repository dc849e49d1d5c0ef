using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Resolvers;

/// <summary>Deals the addresses of a name out to servers: as a rule each has its own, and keeps it as long as the name has it.</summary>
internal sealed class AddressLookup(NameResolution name, ResolverGroup group) : NameLookup(name, group)
{
    private readonly List<(IPAddress Address, long SeenAt)> _known = [];

    protected override void TakeValid(DnsAnswer answer)
    {
        var now = Group.Time.GetTimestamp();
        _known.RemoveAll(k => answer.Addresses.Contains(k.Address) || Group.Time.GetElapsedTime(k.SeenAt, now) >= Group.Settings.HoldObsolete);
        _known.InsertRange(0, answer.Addresses.Distinct().Select(a => (a, now)));
        var by = answer.By;
        foreach (var server in Servers)
        {
            if (Choose(server) is not { } address)
            {
                server.Lose("No IP for server ");
            }
            else if (server.MoveTo(address, by))
            {
                by = "DNS cache"; // as HAProxy names the one who tells the others
            }
        }
    }

    protected override void GiveUp(DnsStatus status)
    {
        _known.Clear();
        foreach (var server in Servers)
        {
            server.Lose(status switch
            {
                DnsStatus.NotFound => "DNS NX status",
                DnsStatus.Refused => "DNS refused status",
                DnsStatus.TimedOut => "DNS timeout status",
                _ => "unspecified DNS error",
            });
        }
    }

    /// <summary>The address that suits a server best: of the family and the networks that it prefers, one that no other has, the one it has already,
    /// the first; in this order. One that another server has is none, unless it may be shared.</summary>
    private IPAddress? Choose(ResolvedServer server)
    {
        var (best, most) = (default(IPAddress), -1);
        var family = server.Preference == AddressPreference.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        foreach (var (address, _) in _known)
        {
            var isTaken = Servers.Any(s => s != server && s.State.Backend == server.State.Backend && address.Equals(s.Address));
            if (isTaken && !server.AllowsSameAddress)
            {
                continue;
            }

            var score = (address.AddressFamily == family ? 8 : 0) + (server.Prefers(address) ? 4 : 0) + (isTaken ? 0 : 2) + (address.Equals(server.Address) ? 1 : 0);
            if (score > most)
            {
                (best, most) = (address, score);
            }
        }

        return best;
    }
}

using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Rules;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Frontends;

/// <summary>The running configuration as the data path reads it: immutable, names resolved, replaced whole. A session reads it once for each
/// exchange and keeps that view to the exchange's end.</summary>
internal sealed class Snapshot(BoundPolicy?[] bound, Backend[] backends)
{
    /// <summary>What applies at a listener; null when the configuration has it no more.</summary>
    public BoundPolicy? For(Listener listener) => listener.Slot < bound.Length ? bound[listener.Slot] : null;

    public Backend[] Backends { get; } = backends;
}

/// <summary>Where the current snapshot is found.</summary>
internal sealed class SnapshotHolder
{
    private volatile Snapshot _current = new([], []);

    public Snapshot Current
    {
        get => _current;
        set => _current = value;
    }
}

/// <summary>What applies to the clients of one bind.</summary>
/// <param name="Policy">The frontend's.</param>
/// <param name="Tls">The bind's TLS, or null.</param>
/// <param name="Facts">What rules know of the bind.</param>
/// <param name="MaxConnections">How many connections it serves at once; null for no limit of its own.</param>
internal sealed record BoundPolicy(FrontendPolicy Policy, TlsServerContext? Tls, BindFacts Facts, int? MaxConnections)
{
    /// <summary>The rates that a session begins within; the first of them counts connections that come to nothing too.</summary>
    public required SessionRate[] Rates { get; init; }

    /// <summary>Counts one more in all rates, or in none.</summary>
    public bool TryBegin()
    {
        for (var i = 0; i < Rates.Length; i++)
        {
            if (!Rates[i].TryBegin())
            {
                TakeBack(0, i);
                return false;
            }
        }

        return true;
    }

    /// <summary>One that was counted was refused before it was a session.</summary>
    public void TakeBackSession() => TakeBack(1, Rates.Length);

    /// <summary>Completes when one more may fit; null where one does. The one who waits must still call <see cref="TryBegin"/>.</summary>
    public Task? WaitForRoom(CancellationToken cancellationToken)
    {
        foreach (var rate in Rates)
        {
            if (rate.WaitForRoom(cancellationToken) is { } room)
            {
                return room;
            }
        }

        return null;
    }

    private void TakeBack(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            Rates[i].TakeBack();
        }
    }

    /// <summary>Whether connections begin with a header of the PROXY protocol.</summary>
    public bool AcceptsProxyProtocol { get; init; }

    /// <summary>The number that the header of a NetScaler begins with, with which connections begin then, before that of the PROXY protocol.</summary>
    public uint? NetScalerMagic { get; init; }

    /// <summary>Who may send such headers; null for everybody.</summary>
    public AddressRanges? TrustedSenders { get; init; }
}

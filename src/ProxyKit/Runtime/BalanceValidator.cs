using ProxyKit.Backends;
using ProxyKit.Balancing;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with the way in which a backend's servers are chosen.</summary>
internal static class BalanceValidator
{
    public static void Validate(Balance? balance, ProxyMode mode, FaultPath path)
    {
        if (balance is null)
        {
            path.Add(nameof(BackendOptions.Balance), "is null");
            return;
        }

        var what = balance.Description;
        if (mode == ProxyMode.Tcp && what.Kind is BalanceKind.Uri or BalanceKind.UrlParameter or BalanceKind.Header)
        {
            path.Add(nameof(BackendOptions.Balance), $"\"{balance}\" goes by the request, which there is none of in TCP mode");
        }

        if (what.HashType is { } hash)
        {
            Validate(hash, path.In(nameof(BackendOptions.Balance)).In(nameof(what.HashType)));
        }
    }

    private static void Validate(HashType hash, FaultPath path)
    {
        path.CheckDefined(nameof(hash.Placement), hash.Placement);
        path.CheckDefined(nameof(hash.Function), hash.Function);
        path.CheckDefined(nameof(hash.Affinity), hash.Affinity);
        path.CheckRange(nameof(hash.BalanceFactor), hash.BalanceFactor, 101, int.MaxValue);
        path.CheckRange(nameof(hash.PointsPerWeight), hash.PointsPerWeight, 1, 256);
        if (hash.Placement == HashPlacement.MapBased && hash.BalanceFactor is not null)
        {
            path.Add(nameof(hash.BalanceFactor), "a table of servers has no next one for what is beyond: it needs a consistent hash");
        }

        if (hash.Placement == HashPlacement.MapBased && hash.Affinity != HashAffinity.Always)
        {
            path.Add(nameof(hash.Affinity), "a table of servers has no next one for what is beyond: it needs a consistent hash");
        }
    }
}

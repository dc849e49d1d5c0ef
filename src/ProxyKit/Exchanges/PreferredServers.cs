using ProxyKit.Backends;

namespace ProxyKit.Exchanges;

/// <summary>The servers that a tier's requests go to as long as one of them has room.</summary>
internal static class PreferredServers
{
    /// <summary>Of those the one with the fewest requests for its weight; null where none can have another.</summary>
    /// <param name="names">Their names: the same list each time.</param>
    /// <param name="candidates">The servers that balancing may choose from.</param>
    /// <param name="avoid">The one that the request was at before: the backend's strategy decides whether it is tried again.</param>
    /// <param name="failedAt">Those that the request has failed at, for which the same holds; null for none.</param>
    public static Server? Pick(string[] names, CandidateSet candidates, Server? avoid, List<Server>? failedAt)
    {
        var (best, load, weight) = ((Server?)null, 0L, 1L);
        foreach (var i in candidates.PlacesOf(names))
        {
            var server = candidates.Servers[i];
            var (ownLoad, ownWeight) = (server.ActiveRequests + 1L, (long)candidates.Weights[i]);
            var isBetter = best is null || ownLoad * weight < load * ownWeight;
            if (isBetter && server != avoid && server.HasRoom && failedAt?.Contains(server) != true)
            {
                (best, load, weight) = (server, ownLoad, ownWeight);
            }
        }

        return best;
    }
}

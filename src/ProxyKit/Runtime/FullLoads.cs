using ProxyKit.Backends;
using ProxyKit.Frontends;

namespace ProxyKit.Runtime;

/// <summary>The load at which the servers of a backend get all their connections, where a configuration does not say: a tenth of what the frontends
/// may bring that name it. HAProxy: <c>fullconn</c>.</summary>
/// <param name="options">The configuration.</param>
/// <param name="most">How many connections the process may have where the configuration does not say.</param>
internal sealed class FullLoads(ProxyOptions options, int most)
{
    /// <summary>The load of a backend; 1 or more. A frontend counts once, and not where an expression tells the name.</summary>
    public int Of(BackendOptions backend)
    {
        var sum = 0L;
        foreach (var frontend in options.Frontends)
        {
            sum += LeadsTo(frontend, backend.Name) ? frontend.MaxConnections ?? options.MaxConnections ?? most : 0;
        }

        return (int)Math.Clamp((sum + 9) / 10, 1, int.MaxValue);
    }

    private static bool LeadsTo(FrontendOptions frontend, string backend) =>
        frontend.DefaultBackend == backend || frontend.Routes.Any(route => route.Name is null && route.Backend == backend);
}

using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>How many servers a backend has left, and what the server in question had to do.</summary>
/// <param name="Active">Servers that take new clients, backups apart.</param>
/// <param name="Backup">Backups that could.</param>
/// <param name="Sessions">What the server works on.</param>
/// <param name="Requeued">Those who waited for it and look for another one now.</param>
/// <param name="Queued">Those who still wait for it.</param>
internal readonly record struct ServerCounts(int Active, int Backup, int Sessions, int Requeued, int Queued)
{
    public static ServerCounts Of(ServerState server, int requeued)
    {
        var (active, backup) = (0, 0);
        foreach (var one in server.Backend.Current?.Servers ?? [])
        {
            if (!one.State.IsUsable)
            {
                continue;
            }

            if (one.IsBackup)
            {
                backup++;
            }
            else
            {
                active++;
            }
        }

        return new(active, backup, server.Active, requeued, server.Queued);
    }
}

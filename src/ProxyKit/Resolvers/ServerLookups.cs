using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Resolvers;

/// <summary>The names that the servers of a configuration are looked up by. What is done to servers is done by one at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks for the handle that disposing would close.")]
internal sealed class ServerLookups(ResolverGroup group)
{
    private readonly SemaphoreSlim _turn = new(1, 1); // guards everything below, and every lookup
    private readonly Dictionary<(string Name, ResolutionKind Kind), ServiceLookup> _services = [];
    private readonly Dictionary<(string Name, ResolutionKind Kind), AddressLookup> _addresses = [];

    /// <summary>Goes by another configuration from now on. Servers that stay keep what they have.</summary>
    public async Task UseAsync(IReadOnlyList<ResolvedServer> servers)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            Use(_services, servers.Where(static s => s.IsOfService).GroupBy(static s => (s.Host, ResolutionKind.Service)), static (name, group) => new ServiceLookup(name, group));
            var ofServices = _addresses.Values.SelectMany(static l => l.Servers).Where(static s => s.IsOfService);
            Use(
                _addresses,
                servers.Where(static s => !s.IsOfService).Concat(ofServices).GroupBy(s => (s.Target ?? s.Host, group.KindOf(s))),
                static (name, group) => new AddressLookup(name, group));
        }
        catch (Exception e)
        {
            group.NoteFault(e); // nobody awaits this
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Looks a server up by a name too. In one's turn.</summary>
    public void Attach(string host, ResolvedServer server)
    {
        var lookup = LookupOf(_addresses, (host, group.KindOf(server)), static (name, group) => new AddressLookup(name, group));
        if (!lookup.Servers.Contains(server))
        {
            lookup.Use([.. lookup.Servers, server]);
        }
    }

    /// <summary>Looks a server up no more by the name that its service has given it. In one's turn.</summary>
    public void Detach(ResolvedServer server)
    {
        foreach (var (key, lookup) in _addresses.Where(a => a.Value.Servers.Contains(server)).ToArray())
        {
            lookup.Use([.. lookup.Servers.Where(s => s != server)]);
            if (lookup.Servers.Count == 0)
            {
                lookup.End();
                _addresses.Remove(key);
            }
        }
    }

    private void Use<T>(
        Dictionary<(string Name, ResolutionKind Kind), T> lookups,
        IEnumerable<IGrouping<(string Name, ResolutionKind Kind), ResolvedServer>> servers,
        Func<NameResolution, ResolverGroup, T> make)
        where T : NameLookup
    {
        var byName = servers.ToDictionary(static g => g.Key, static g => g.ToArray());
        foreach (var (key, gone) in lookups.Where(l => !byName.ContainsKey(l.Key)).ToArray())
        {
            gone.Use([]);
            gone.End();
            lookups.Remove(key);
        }

        foreach (var (key, its) in byName)
        {
            LookupOf(lookups, key, make).Use(its);
        }
    }

    private T LookupOf<T>(Dictionary<(string Name, ResolutionKind Kind), T> lookups, (string Name, ResolutionKind Kind) key, Func<NameResolution, ResolverGroup, T> make)
        where T : NameLookup
    {
        if (!lookups.TryGetValue(key, out var lookup))
        {
            lookups[key] = lookup = make(group.NameOf(key.Name, key.Kind), group);
            _ = FollowAsync(lookup);
        }

        return lookup;
    }

    private async Task FollowAsync(NameLookup lookup)
    {
        while (!lookup.Ended.IsCancellationRequested)
        {
            try
            {
                var answer = await group.AskAsync(lookup.Name).ConfigureAwait(false);
                await _turn.WaitAsync(lookup.Ended).ConfigureAwait(false);
                try
                {
                    if (!lookup.Ended.IsCancellationRequested && !group.Stopped.IsCancellationRequested) // whose last answers are none
                    {
                        lookup.Take(answer);
                    }
                }
                finally
                {
                    _turn.Release();
                }
            }
            catch (OperationCanceledException)
            {
                return; // nobody wants to know any more
            }
            catch (Exception e)
            {
                group.NoteFault(e); // a fault at one answer is none at the next
            }

            await Task.Delay(group.Settings.RefreshInterval, group.Time, lookup.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

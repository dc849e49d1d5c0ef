using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Numbers proxies as HAProxy does: in the order of the files, whatever they are and whether or not they are started. Options are numbered
/// frontends first; where that comes to the same, they need not say it.</summary>
internal static class ProxyNumbers
{
    /// <summary>Gives the options their numbers.</summary>
    /// <param name="model">What was read.</param>
    /// <param name="mapped">The options.</param>
    public static void Apply(ConfigModel model, ProxyOptions mapped)
    {
        var given = model.Proxies.Select(static p => p.Settings.Id).OfType<int>().ToHashSet();
        var wanted = new Dictionary<(bool IsFront, string Name), int>();
        var next = 0;
        foreach (var proxy in model.Proxies)
        {
            next++;
            while (proxy.Settings.Id is null && given.Contains(next))
            {
                next++;
            }

            Want(proxy, proxy.Settings.Id ?? next);
        }

        var fronts = mapped.Frontends.Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
        next = 0;
        foreach (var frontend in mapped.Frontends)
        {
            (frontend.Id, frontend.PreferredId) = Split(frontend.Name, Number(wanted[(true, frontend.Name)]));
        }

        foreach (var backend in mapped.Backends)
        {
            var number = wanted[(false, backend.Name)];
            var isHalf = fronts.Contains(backend.Name) && wanted[(true, backend.Name)] == number;
            (backend.Id, backend.PreferredId) = Split(backend.Name, isHalf ? null : Number(number));
        }

        // One that no line says gives way where files and code make one proxy.
        (int? Id, int? PreferredId) Split(string name, int? number) =>
            model.Proxies.Exists(p => p.Name == name && p.Settings.Id == number) ? (number, null) : (null, number);

        // The number where it has to be said: where it was given, or the next free one is another.
        int? Number(int number)
        {
            next++;
            if (given.Contains(number))
            {
                return number;
            }

            var free = next;
            while (given.Contains(free))
            {
                free++;
            }

            if (free != number)
            {
                given.Add(number);
                return number;
            }

            next = free;
            return null;
        }

        void Want(ProxySection proxy, int number)
        {
            if (proxy.HasFront)
            {
                wanted.TryAdd((true, proxy.Name), number);
            }

            if (proxy.HasBack)
            {
                wanted.TryAdd((false, proxy.Name), number);
            }
        }
    }
}

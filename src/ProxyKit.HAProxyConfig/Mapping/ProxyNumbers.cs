using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Numbers proxies as HAProxy does: in the order of the files, whatever they are and whether or not they are started. Options are numbered
/// frontends first; where that comes to the same, they need not say it.</summary>
internal static class ProxyNumbers
{
    /// <summary>Gives the options their numbers.</summary>
    /// <param name="model">What was read.</param>
    /// <param name="mapped">The options.</param>
    /// <returns>Those of them whose number is that of their place among the others, and which no line says.</returns>
    public static IReadOnlyList<object> Apply(ConfigModel model, ProxyOptions mapped)
    {
        var byPlace = new List<object>();
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
            frontend.Id = Number(wanted[(true, frontend.Name)]);
            Note(frontend, frontend.Name, frontend.Id);
        }

        foreach (var backend in mapped.Backends)
        {
            var number = wanted[(false, backend.Name)];
            var isHalf = fronts.Contains(backend.Name) && wanted[(true, backend.Name)] == number;
            backend.Id = isHalf ? null : Number(number);
            Note(backend, backend.Name, backend.Id);
        }

        return byPlace;

        void Note(object options, string name, int? number)
        {
            if (number is not null && model.Proxies.TrueForAll(p => p.Name != name || p.Settings.Id != number))
            {
                byPlace.Add(options);
            }
        }

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

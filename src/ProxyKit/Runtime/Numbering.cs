using ProxyKit.Backends;
using ProxyKit.Frontends;

namespace ProxyKit.Runtime;

/// <summary>The numbers of frontends, backends and binds: what was given, else the position, or the next number that is free.</summary>
internal static class Numbering
{
    /// <summary>The numbers of a frontend's binds.</summary>
    public static int[] OfBinds(FrontendOptions frontend) => FreeNumbers.Of([.. frontend.Binds.Select(static b => b.Id)]);

    /// <summary>The numbers of frontends and backends, which are numbered together. A backend that has its name from a frontend is the other half of it, as in
    /// a <c>listen</c>, and has its number too.</summary>
    public static (Dictionary<string, int> Frontends, Dictionary<string, int> Backends) OfProxies(ProxyOptions options)
    {
        var names = options.Frontends.Select(static f => f.Name).ToHashSet(StringComparer.Ordinal);
        var others = options.Backends.Where(b => (b.Id ?? b.PreferredId) is not null || !names.Contains(b.Name)).ToArray();
        var numbers = FreeNumbers.Of(Settle([.. options.Frontends.Select(static f => (f.Id, f.PreferredId)), .. others.Select(static b => (b.Id, b.PreferredId))]));
        var frontends = options.Frontends.Index().ToDictionary(static f => f.Item.Name, f => numbers[f.Index], StringComparer.Ordinal);
        var backends = others.Index().ToDictionary(static b => b.Item.Name, b => numbers[options.Frontends.Count + b.Index], StringComparer.Ordinal);
        foreach (var backend in options.Backends)
        {
            backends.TryAdd(backend.Name, frontends.GetValueOrDefault(backend.Name));
        }

        return (frontends, backends);
    }

    /// <summary>Gives numbers that are preferred where nobody else has them; null where there is none.</summary>
    private static int?[] Settle((int? Id, int? Preferred)[] wishes)
    {
        var used = wishes.Select(static w => w.Id).OfType<int>().ToHashSet();
        return [.. wishes.Select(w => w.Id ?? (w.Preferred is { } number && used.Add(number) ? number : (int?)null))];
    }
}

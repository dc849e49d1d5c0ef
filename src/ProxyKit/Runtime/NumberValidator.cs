using ProxyKit.Frontends;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with the numbers that frontends, backends and binds were given.</summary>
internal static class NumberValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        var owners = new Dictionary<int, (string Kind, string Name)>();
        foreach (var (position, frontend) in options.Frontends.Index())
        {
            if (frontend is not null)
            {
                var path = root.In("frontend", frontend.Name, position + 1);
                Check("frontend", frontend.Name, frontend.Id, path);
                path.CheckRange("PreferredId", frontend.PreferredId, 1, int.MaxValue);
                CheckBinds(frontend, path);
            }
        }

        foreach (var (position, backend) in options.Backends.Index())
        {
            if (backend is not null)
            {
                var path = root.In("backend", backend.Name, position + 1);
                Check("backend", backend.Name, backend.Id, path);
                path.CheckRange("PreferredId", backend.PreferredId, 1, int.MaxValue);
            }
        }

        void Check(string kind, string name, int? id, FaultPath path)
        {
            path.CheckRange("Id", id, 1, int.MaxValue);
            if (id is { } number && !owners.TryAdd(number, (kind, name)) && owners[number] is var owner && (owner.Kind == kind || owner.Name != name))
            {
                path.Add("Id", $"{number} is that of {owner.Kind} {FaultPath.Quote(owner.Name)} already");
            }
        }
    }

    private static void CheckBinds(FrontendOptions frontend, FaultPath path)
    {
        foreach (var bind in frontend.Binds)
        {
            path.CheckRange($"{nameof(frontend.Binds)}: Id", bind?.Id, 1, int.MaxValue);
        }

        foreach (var group in frontend.Binds.Where(static b => b?.Id is not null).GroupBy(static b => b.Id).Where(static g => g.Count() > 1))
        {
            path.Add(nameof(frontend.Binds), $"{string.Join(" and ", group.Select(static b => FaultPath.Quote(b.Address)))} have the same Id, {group.Key}");
        }
    }
}

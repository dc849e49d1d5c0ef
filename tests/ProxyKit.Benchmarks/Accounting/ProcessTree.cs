using System.Globalization;

namespace ProxyKit.Benchmarks.Accounting;

/// <summary>A process and all it has started: a proxy's workers count as the proxy.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Of(int root)
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && TryReadParent(pid, out var parent))
                parents[pid] = parent;
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(parents.Where(p => p.Value == tree[i]).Select(p => p.Key));
        return tree;
    }

    private static bool TryReadParent(int pid, out int parent)
    {
        parent = 0;
        try
        {
            // "pid (name) state parent …", where the name may hold anything, spaces and parentheses too.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.TryParse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ', 2)[0], CultureInfo.InvariantCulture, out parent);
        }
        catch (IOException)
        {
            return false; // it ended while we looked
        }
    }
}

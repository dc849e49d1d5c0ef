namespace ProxyKit.Rules;

/// <summary>What must be true of a request's host and path for a condition to have a chance; null for whatever.</summary>
/// <param name="Host">The host.</param>
/// <param name="Path">The path: exact or one of the two prefixes.</param>
internal readonly record struct RouteKey(HostPattern? Host, LiteralPattern? Path)
{
    /// <summary>The keys of a condition that says nothing about host or path, or nothing that could be sorted by.</summary>
    public static readonly IReadOnlyList<RouteKey> Unbounded = [default];

    private const int MaxProduct = 4096; // keys of one route; a product beyond is written by programs, and would cost memory for little

    public bool IsUnbounded => Host is null && Path is null;

    /// <summary>The keys of two conditions that must both hold.</summary>
    public static IReadOnlyList<RouteKey> Both(IReadOnlyList<RouteKey> left, IReadOnlyList<RouteKey> right)
    {
        if (left is [{ IsUnbounded: true }] || right is [{ IsUnbounded: true }])
        {
            return left is [{ IsUnbounded: true }] ? right : left;
        }

        if ((long)left.Count * right.Count > MaxProduct)
        {
            // Either alone is true of every request that both are true of.
            return left.Count <= right.Count ? left : right;
        }

        return [.. (from l in left from r in right select new RouteKey(Tighter(l.Host, r.Host), Tighter(l.Path, r.Path))).Distinct()];
    }

    /// <summary>The keys of conditions of which one must hold.</summary>
    public static IReadOnlyList<RouteKey> Either(IEnumerable<IReadOnlyList<RouteKey>> parts)
    {
        RouteKey[] keys = [.. parts.SelectMany(part => part).Distinct()];
        return keys.Any(key => key.IsUnbounded) ? Unbounded : keys;
    }

    private static HostPattern? Tighter(HostPattern? left, HostPattern? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        return (left.IsWildcard ? 0 : 1, left.Text.Length).CompareTo((right.IsWildcard ? 0 : 1, right.Text.Length)) >= 0 ? left : right;
    }

    private static LiteralPattern? Tighter(LiteralPattern? left, LiteralPattern? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        return Rank(left).CompareTo(Rank(right)) >= 0 ? left : right;

        static (bool, int) Rank(LiteralPattern path) => (path.Relation == TextRelation.Is, path.Bytes.Length);
    }
}

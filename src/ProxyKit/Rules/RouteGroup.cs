namespace ProxyKit.Rules;

/// <summary>The routes of one host, or of any: sorted by path, with those that no path key is known of aside.</summary>
internal sealed class RouteGroup(IndexSlice anyPath, ByteTrie? paths, ByteTrie? pathsInAnyCase)
{
    /// <summary>How many lists of candidates a group can have for a path.</summary>
    public const int MaxLists = 3;

    /// <summary>Collects the candidates for a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="candidates">Receives the lists that are not empty, each ascending.</param>
    /// <returns>How many there are.</returns>
    public int Find(ReadOnlySpan<byte> path, Span<IndexSlice> candidates)
    {
        var count = 0;
        if (!anyPath.IsEmpty)
        {
            candidates[count++] = anyPath;
        }

        if (paths?.Find(path) is { IsEmpty: false } found)
        {
            candidates[count++] = found;
        }

        if (pathsInAnyCase?.Find(path) is { IsEmpty: false } foundInAnyCase)
        {
            candidates[count++] = foundInAnyCase;
        }

        return count;
    }
}

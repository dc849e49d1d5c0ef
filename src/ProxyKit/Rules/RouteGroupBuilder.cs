namespace ProxyKit.Rules;

/// <summary>Collects the routes of a host and builds their <see cref="RouteGroup"/>.</summary>
internal sealed class RouteGroupBuilder
{
    private readonly List<int> _anyPath = [];
    private ByteTrieBuilder? _paths;
    private ByteTrieBuilder? _pathsInAnyCase;

    /// <summary>Adds a route; routes come in ascending order.</summary>
    public void Add(LiteralPattern? path, int route)
    {
        if (path is null)
        {
            _anyPath.Add(route);
        }
        else if (path.IgnoresCase)
        {
            (_pathsInAnyCase ??= new(readsBackwards: false, ignoresCase: true)).Add(path, route);
        }
        else
        {
            (_paths ??= new(readsBackwards: false, ignoresCase: false)).Add(path, route);
        }
    }

    /// <summary>Builds the group.</summary>
    /// <param name="lists">Receives the routes; what the group finds are slices of it.</param>
    public RouteGroup Build(List<int> lists)
    {
        var anyPath = new IndexSlice(lists.Count, lists.Count + _anyPath.Count);
        lists.AddRange(_anyPath);
        return new(anyPath, _paths?.Build(lists), _pathsInAnyCase?.Build(lists));
    }
}

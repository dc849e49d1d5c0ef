using System.Diagnostics;

namespace ProxyKit.Rules;

/// <summary>
/// Finds the first of many routes whose condition holds. Its cost does not grow with the number of routes that are about exact or
/// wildcard hosts and exact or prefix paths.
/// </summary>
/// <remarks>
/// Routes are grouped by host and, within a group, sorted into tries by path. The walk along the host yields the groups that can match,
/// the walk along the path in each of them a list of candidates. The lists are merged: candidates are asked in the order of declaration,
/// each once, with their whole condition. So the index only leaves out routes that cannot match; the result, and what user
/// predicates see and throw, are those of asking every route in turn.
/// </remarks>
internal sealed class RouteTable
{
    private readonly Condition[] _conditions;
    private readonly ByteTrie? _hosts; // to indices into _groups; null when no route is about a host
    private readonly RouteGroup[] _groups;
    private readonly RouteGroup _anyHost;
    private readonly int[] _lists; // what all slices are parts of

    /// <param name="conditions">The routes' conditions, in their order.</param>
    public RouteTable(IReadOnlyList<Condition> conditions)
    {
        _conditions = [.. conditions];
        var anyHost = new RouteGroupBuilder();
        var byHost = new Dictionary<HostPattern, RouteGroupBuilder>();
        for (var i = 0; i < _conditions.Length; i++)
        {
            var keys = _conditions[i].Keys();
            IndexedCount += keys.Any(key => key.IsUnbounded) ? 0 : 1;
            foreach (var (host, path) in keys)
            {
                var group = anyHost;
                if (host is not null && !byHost.TryGetValue(host, out group))
                {
                    group = byHost[host] = new();
                }

                group.Add(path, i);
            }
        }

        var lists = new List<int>();
        var hosts = new ByteTrieBuilder(readsBackwards: true, ignoresCase: true);
        foreach (var (index, host) in byHost.Keys.Index())
        {
            hosts.Add(host, index);
        }

        _hosts = byHost.Count > 0 ? hosts.Build(lists) : null;
        _anyHost = anyHost.Build(lists);
        _groups = [.. byHost.Values.Select(group => group.Build(lists))];
        _lists = [.. lists];
    }

    /// <summary>How many routes are found by host or path; the others are asked in turn.</summary>
    public int IndexedCount { get; }

    /// <summary>Finds the first route, in the order of declaration, whose condition holds.</summary>
    /// <param name="context">The exchange, its request's head received.</param>
    /// <param name="after">The route behind which to look; -1 for all.</param>
    /// <returns>The route's index, or -1. What a predicate of the user's throws passes through.</returns>
    public int Find(RuleContext context, int after = -1)
    {
        if (context.Request is not { } request)
        {
            return FindInTurn(context, after); // TCP mode: nothing to sort by
        }

        var groups = _hosts?.Find(HostPattern.NameIn(request.HostBytes)) ?? default;

        // As many groups as there are wildcards that one name is below, which its 127 labels bound.
        Span<IndexSlice> candidates = stackalloc IndexSlice[RouteGroup.MaxLists * (1 + groups.Length)];
        var path = request.PathBytes;
        var count = _anyHost.Find(path, candidates);
        foreach (var group in _lists.AsSpan(groups.Start, groups.Length))
        {
            count += _groups[group].Find(path, candidates[count..]);
        }

        return FirstThatHolds(candidates[..count], context, after);
    }

    private int FindInTurn(RuleContext context, int after)
    {
        for (var i = after + 1; i < _conditions.Length; i++)
        {
            if (_conditions[i].Evaluate(context) == Truth.True)
            {
                return i;
            }
        }

        return -1;
    }

    private int FirstThatHolds(Span<IndexSlice> candidates, RuleContext context, int asked)
    {
        while (true)
        {
            var next = int.MaxValue;
            foreach (ref var list in candidates)
            {
                // Expanded disjunctions put one route into several lists.
                while (!list.IsEmpty && _lists[list.Start] <= asked)
                {
                    list = list with { Start = list.Start + 1 };
                }

                if (!list.IsEmpty && _lists[list.Start] < next)
                {
                    next = _lists[list.Start];
                }
            }

            if (next == int.MaxValue)
            {
                return -1;
            }

            Debug.Assert(next > asked, "candidates come in order");
            if (_conditions[next].Evaluate(context) == Truth.True)
            {
                return next;
            }

            asked = next;
        }
    }
}

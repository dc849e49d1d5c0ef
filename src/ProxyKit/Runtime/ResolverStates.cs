using ProxyKit.Exchanges;
using ProxyKit.Resolvers;

namespace ProxyKit.Runtime;

/// <summary>The groups of resolvers of a configuration, and the door through which the next one takes over those that it says the same of, with what they
/// know.</summary>
internal sealed class ResolverStates(ResolverStates? previous)
{
    private readonly Dictionary<string, ResolverGroup> _groups = new(StringComparer.Ordinal);
    private ResolverStates? _previous = previous; // until it is put to use

    /// <summary>The groups, by name.</summary>
    public IReadOnlyDictionary<string, ResolverGroup> Groups => _groups;

    public void Add(ResolversOptions options, DataPath path)
    {
        var settings = ResolverSettings.Of(options);
        _groups[options.Name] = _previous?._groups.GetValueOrDefault(options.Name) is { } kept && kept.Settings.IsSameAs(settings)
            ? kept
            : new ResolverGroup(settings, path.Time, e => path.Log.Failed(e, $"resolvers {options.Name}"));
    }

    /// <summary>Looks up the servers of the configuration from now on, and no others.</summary>
    public void Use(IReadOnlyList<ResolvedServer> servers)
    {
        foreach (var (name, group) in _groups)
        {
            _ = group.Servers.UseAsync([.. servers.Where(s => s.Resolvers == name)]);
        }
    }

    /// <summary>Ends those that another configuration does not have.</summary>
    public void EndAllBut(ResolverStates? staying)
    {
        foreach (var (name, group) in _groups)
        {
            if (staying?._groups.GetValueOrDefault(name) != group)
            {
                group.Dispose();
            }
        }
    }

    public void ForgetPrevious() => _previous = null;
}

using System.Runtime.CompilerServices;

namespace ProxyKit.Backends;

/// <summary>The servers that balancing may choose from until something about them changes. Strategies may keep what they derive from a set
/// for as long as they are handed the same object.</summary>
/// <param name="version">The change of the backend's servers that it is from.</param>
/// <param name="servers">The servers, in their order.</param>
/// <param name="isFallback">Whether it is one backup alone, which is used also while it is full.</param>
internal sealed class CandidateSet(int version, Server[] servers, bool isFallback)
{
    private readonly HashSet<ServerState> _states = [.. servers.Select(static s => s.State)];
    private readonly ConditionalWeakTable<string[], int[]> _places = []; // a list of names goes with the tier that prefers them

    public int Version { get; } = version;

    public Server[] Servers { get; } = servers;

    /// <summary>Their weights at the time, in sixteenths of a unit and above 0.</summary>
    public int[] Weights { get; } = Array.ConvertAll(servers, static s => Math.Max(1, s.State.EffectiveWeight));

    public bool IsFallback { get; } = isFallback;

    public bool Contains(ServerState server) => _states.Contains(server);

    /// <summary>Where among these the servers of a list of names stand. Looked for once for each list, which is known by its identity.</summary>
    public int[] PlacesOf(string[] names) =>
        _places.TryGetValue(names, out var places) ? places : _places.GetOrAdd(names, FindPlaces(names));

    private int[] FindPlaces(string[] names)
    {
        var wanted = new HashSet<string>(names, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, Servers.Length).Where(i => wanted.Contains(Servers[i].Name))];
    }
}

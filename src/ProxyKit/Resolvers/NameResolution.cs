namespace ProxyKit.Resolvers;

/// <summary>What is known of a name. Whoever asks for it while it is being asked for waits for the same answer.</summary>
/// <param name="name">The name, in lower case.</param>
/// <param name="kind">What is asked of it.</param>
internal sealed class NameResolution(string name, ResolutionKind kind)
{
    private Known? _known;

    public string Name => name;

    public ResolutionKind Kind => kind;

    /// <summary>What is under way; null for nothing. Its group's, under the group's lock.</summary>
    public Task<DnsAnswer>? Asking { get; set; }

    /// <summary>Notes a valid answer.</summary>
    public void Keep(DnsAnswer answer, long now) => Volatile.Write(ref _known, new Known(answer, now));

    /// <summary>The last valid answer, where it is not older than a time; null otherwise.</summary>
    public DnsAnswer? Fresh(TimeProvider time, TimeSpan most) =>
        Volatile.Read(ref _known) is { } known && time.GetElapsedTime(known.At) < most ? known.Answer : null;

    private sealed record Known(DnsAnswer Answer, long At);
}

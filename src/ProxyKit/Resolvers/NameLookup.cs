using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Resolvers;

/// <summary>A name that servers are looked up by: asked for again and again while there are such. Its members are called by one at a time.</summary>
/// <param name="name">The name.</param>
/// <param name="group">Who is asked.</param>
[SuppressMessage("Design", "CA1001", Justification = "It has no timer: the collector sees that nobody waits for it any more.")]
internal abstract class NameLookup(NameResolution name, ResolverGroup group)
{
    private readonly CancellationTokenSource _ended = new();
    private long _lastValid = group.Time.GetTimestamp(); // or its beginning

    public NameResolution Name => name;

    /// <summary>Is cancelled when nobody wants to know any more.</summary>
    public CancellationToken Ended => _ended.Token;

    protected ResolverGroup Group => group;

    /// <summary>The servers, in their order.</summary>
    public IReadOnlyList<ResolvedServer> Servers { get; private set; } = [];

    /// <summary>Makes others its servers.</summary>
    public virtual void Use(IReadOnlyList<ResolvedServer> servers) => Servers = servers;

    public void End() => _ended.Cancel();

    /// <summary>Takes an answer in.</summary>
    public void Take(DnsAnswer answer)
    {
        if (answer.IsValid)
        {
            _lastValid = group.Time.GetTimestamp();
            TakeValid(answer);
        }
        else if (group.Time.GetElapsedTime(_lastValid) >= group.Settings.HoldOf(answer.Status))
        {
            GiveUp(answer.Status);
        }
    }

    /// <summary>What it says counts from now on.</summary>
    protected abstract void TakeValid(DnsAnswer answer);

    /// <summary>What was said before is too old to count.</summary>
    protected abstract void GiveUp(DnsStatus status);
}

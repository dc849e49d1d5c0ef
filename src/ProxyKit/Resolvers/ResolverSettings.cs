using System.Net;

namespace ProxyKit.Resolvers;

/// <summary>What was written about a group of resolvers, with everything found: immutable.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ResolverSettings(string Name)
{
    public required IReadOnlyList<(string Name, IPEndPoint EndPoint, bool UsesTcp)> Nameservers { get; init; }

    public required AcceptedAddresses Accepts { get; init; }

    public required int Attempts { get; init; }

    public required TimeSpan RefreshInterval { get; init; }

    public required TimeSpan RetryTimeout { get; init; }

    public required TimeSpan HoldValid { get; init; }

    public required TimeSpan HoldObsolete { get; init; }

    public required TimeSpan HoldNotFound { get; init; }

    public required TimeSpan HoldRefused { get; init; }

    public required TimeSpan HoldTimedOut { get; init; }

    public required TimeSpan HoldOther { get; init; }

    public required int MaxPayload { get; init; }

    /// <param name="options">What was written; it is valid.</param>
    public static ResolverSettings Of(ResolversOptions options) => new(options.Name)
    {
        Nameservers = [.. options.Nameservers.Select(static n => (n.Name, IPEndPoint.Parse(n.Address), n.UsesTcp)), .. OfFile(options.ResolvConfPath)],
        Accepts = options.Accepts,
        Attempts = options.Attempts,
        RefreshInterval = options.RefreshInterval,
        RetryTimeout = options.RetryTimeout,
        HoldValid = options.HoldValid,
        HoldObsolete = options.HoldObsolete,
        HoldNotFound = options.HoldNotFound,
        HoldRefused = options.HoldRefused,
        HoldTimedOut = options.HoldTimedOut,
        HoldOther = options.HoldOther,
        MaxPayload = options.MaxPayloadBytes,
    };

    /// <summary>Whether a group of one would do for the other.</summary>
    public bool IsSameAs(ResolverSettings other) =>
        Nameservers.SequenceEqual(other.Nameservers) && this with { Nameservers = other.Nameservers } == other;

    /// <summary>How long a server stays in use whose name is answered like this.</summary>
    public TimeSpan HoldOf(DnsStatus status) => status switch
    {
        DnsStatus.NotFound => HoldNotFound,
        DnsStatus.Refused => HoldRefused,
        DnsStatus.TimedOut => HoldTimedOut,
        _ => HoldOther,
    };

    private static IEnumerable<(string Name, IPEndPoint EndPoint, bool UsesTcp)> OfFile(string? path) =>
        path is null ? [] : ResolvConf.Read(path).Select(static a => (a.ToString(), new IPEndPoint(a, 53), false));
}

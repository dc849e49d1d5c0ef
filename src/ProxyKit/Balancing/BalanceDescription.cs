using System.Globalization;
using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Balancing;

/// <summary>What a <see cref="Balance"/> is, for those who write configurations down or show them.</summary>
public sealed record BalanceDescription
{
    internal BalanceDescription(BalanceKind kind) => Kind = kind;

    /// <summary>The algorithm.</summary>
    public BalanceKind Kind { get; }

    /// <summary>How a key becomes a server; null where there is no key.</summary>
    public HashType? HashType { get; init; }

    /// <summary>The name of the parameter, the field or the cookie that is the key; null where it has none.</summary>
    public string? KeyName { get; init; }

    /// <summary>The expression that is the key; null where it is none.</summary>
    public Expression? Key { get; init; }

    /// <summary>The most bytes of the target that count; null for all.</summary>
    public int? Length { get; init; }

    /// <summary>The directories of the target that count; null for all.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether the query is part of the target.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether the target begins with its path.</summary>
    public bool IsPathOnly { get; init; }

    /// <summary>Whether only the domain's own label counts of a host.</summary>
    public bool IsDomainOnly { get; init; }

    /// <summary>How many servers are drawn; 0 where none are.</summary>
    public int Draws { get; init; }

    /// <summary>How fast past response times are forgotten; null where they do not count.</summary>
    public TimeSpan? Decay { get; init; }

    /// <summary>What a failed attempt counts for; null where it does not count.</summary>
    public TimeSpan? FailurePenalty { get; init; }

    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }

    /// <summary>A user's own strategy, by the name of its type; null for those that come with ProxyKit.</summary>
    public string? Strategy { get; init; }

    /// <summary>The algorithm and its arguments, in HAProxy's words where it has it.</summary>
    /// <returns>The text, as in <c>uri depth 2</c>.</returns>
    public override string ToString() => Kind switch
    {
        BalanceKind.RoundRobin => "roundrobin",
        BalanceKind.StaticRoundRobin => "static-rr",
        BalanceKind.LeastConnections => "leastconn",
        BalanceKind.First => "first",
        BalanceKind.Random => Draws == 2 ? "random" : string.Create(CultureInfo.InvariantCulture, $"random({Draws})"),
        BalanceKind.PeakEwma => "peak-ewma",
        BalanceKind.Sticky => "sticky",
        BalanceKind.Source => "source",
        BalanceKind.Uri => UriText(),
        BalanceKind.UrlParameter => $"url_param {KeyName}",
        BalanceKind.Header => IsDomainOnly ? $"hdr({KeyName}) use_domain_only" : $"hdr({KeyName})",
        BalanceKind.RdpCookie => $"rdp-cookie({KeyName})",
        BalanceKind.Hash => $"hash {Key}",
        _ => Strategy ?? Kind.ToString(),
    };

    /// <summary>The member of <see cref="Balance"/> that makes such a one; null for a user's own.</summary>
    internal Description? Call()
    {
        IReadOnlyList<object?>? arguments = Kind switch
        {
            BalanceKind.Custom => null,
            BalanceKind.Random => [Draws],
            BalanceKind.PeakEwma => [Decay, FailurePenalty],
            BalanceKind.Source => [HashType],
            BalanceKind.Uri => [IsWhole, IsPathOnly, Length, Depth, HashType],
            BalanceKind.Header => [KeyName, IsDomainOnly, HashType],
            BalanceKind.UrlParameter or BalanceKind.RdpCookie => [KeyName, HashType],
            BalanceKind.Hash => [Key, HashType],
            _ => [],
        };
        return arguments is null ? null : new Description(typeof(Balance), Kind.ToString(), arguments);
    }

    private string UriText()
    {
        var text = new StringBuilder("uri");
        text.Append(IsWhole ? " whole" : "").Append(IsPathOnly ? " path-only" : "");
        if (Length is { } length)
        {
            text.Append(CultureInfo.InvariantCulture, $" len {length}");
        }

        if (Depth is { } depth)
        {
            text.Append(CultureInfo.InvariantCulture, $" depth {depth}");
        }

        return text.ToString();
    }
}

/// <summary>An algorithm that chooses servers.</summary>
public enum BalanceKind
{
    /// <summary>A user's own.</summary>
    Custom,

    /// <summary><see cref="Balance.RoundRobin"/>.</summary>
    RoundRobin,

    /// <summary><see cref="Balance.StaticRoundRobin"/>.</summary>
    StaticRoundRobin,

    /// <summary><see cref="Balance.LeastConnections"/>.</summary>
    LeastConnections,

    /// <summary><see cref="Balance.First"/>.</summary>
    First,

    /// <summary><see cref="Balance.Random"/>.</summary>
    Random,

    /// <summary><see cref="Balance.PeakEwma"/>.</summary>
    PeakEwma,

    /// <summary><see cref="Balance.Sticky"/>.</summary>
    Sticky,

    /// <summary><see cref="Balance.Source"/>.</summary>
    Source,

    /// <summary><see cref="Balance.Uri"/>.</summary>
    Uri,

    /// <summary><see cref="Balance.UrlParameter"/>.</summary>
    UrlParameter,

    /// <summary><see cref="Balance.Header"/>.</summary>
    Header,

    /// <summary><see cref="Balance.RdpCookie"/>.</summary>
    RdpCookie,

    /// <summary><see cref="Balance.Hash"/>.</summary>
    Hash,
}

namespace ProxyKit.Rules.Actions;

/// <summary>The rules of a frontend or backend, ready to be asked; null for a list without rules.</summary>
internal sealed class RuleSet
{
    /// <summary>No rules.</summary>
    public static RuleSet Empty { get; } = new();

    public RuleList? Connection { get; init; }

    public RuleList? Session { get; init; }

    public RuleList? Content { get; init; }

    public TimeSpan? InspectDelay { get; init; }

    public RuleList? ResponseContent { get; init; }

    public TimeSpan? ResponseInspectDelay { get; init; }

    public RuleList? Request { get; init; }

    /// <summary>Who the client is, what he may do, and what is asked of him then; behind <see cref="Request"/>. Frontends only.</summary>
    public RuleList? Authentication { get; init; }

    public RuleList? Response { get; init; }

    public RuleList? AfterResponse { get; init; }
}

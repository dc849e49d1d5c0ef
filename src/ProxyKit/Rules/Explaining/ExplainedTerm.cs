namespace ProxyKit.Rules.Explaining;

/// <summary>A term of a condition: what it saw and said.</summary>
public sealed class ExplainedTerm
{
    internal ExplainedTerm(string text) => Text = text;

    /// <summary>The term, in HAProxy's words where it was written so; bytes that cannot be shown as <c>\xNN</c>.</summary>
    public string Text { get; }

    /// <summary>What it said.</summary>
    public TermTruth Truth { get; internal set; }

    /// <summary>The values that it compared, in their order, quoted, long ones cut, with bytes that cannot be shown as <c>\xNN</c>; null for one
    /// that was not there. None for a term that is made of others, and for code of users.</summary>
    public IReadOnlyList<string?> Values => Seen;

    /// <summary>The terms that it is made of: the ACL behind a name, or what stands beside, or behind a <c>!</c>. Terms that were not asked
    /// are among them.</summary>
    public IReadOnlyList<ExplainedTerm> Parts { get; internal set; } = [];

    /// <summary>Why it could not be said, or what was thrown; null where there is nothing to add.</summary>
    public string? Remark { get; internal set; }

    internal List<string?> Seen { get; } = [];

    /// <summary>The term and what became of it.</summary>
    /// <returns>The text, for logs and debuggers.</returns>
    public override string ToString() => $"{Text}: {Truth}";
}

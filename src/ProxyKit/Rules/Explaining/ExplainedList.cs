namespace ProxyKit.Rules.Explaining;

/// <summary>The rules of one list of a frontend or backend, and what became of them.</summary>
public sealed class ExplainedList
{
    private readonly ExplainedRule[] _rules;

    internal ExplainedList(string section, string keyword, ExplainedRule[] rules)
    {
        Section = Shown.Text(section);
        Keyword = keyword;
        _rules = rules;
    }

    /// <summary>Whose rules they are: <c>frontend public</c>.</summary>
    public string Section { get; }

    /// <summary>The list in HAProxy's words: <c>tcp-request content</c>, <c>http-request</c>, <c>use_backend</c>.</summary>
    public string Keyword { get; }

    /// <summary>The rules, in their order; those that were not reached are among them.</summary>
    public IReadOnlyList<ExplainedRule> Rules => _rules;

    /// <summary>The list's name.</summary>
    /// <returns>The text, for logs and debuggers.</returns>
    public override string ToString() => $"{Section}, {Keyword}";
}

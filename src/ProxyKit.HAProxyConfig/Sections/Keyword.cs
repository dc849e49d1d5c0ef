namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A keyword of the configuration language: where it may stand, what follows it, and what becomes of it.</summary>
/// <param name="Name">The word, or the words, as in <c>timeout client</c>.</param>
/// <param name="Sections">Where it may stand.</param>
/// <param name="Arguments">What follows, as manuals write it: <c>&lt;n&gt;</c> has to be there, <c>[x]</c> may, <c>...</c> is any number.</param>
/// <param name="State">What becomes of it.</param>
internal sealed record Keyword(string Name, Section Sections, string Arguments, KeywordState State)
{
    /// <summary>Does what it does. Where it runs, its arguments have been counted.</summary>
    public Action<Statement>? Run { get; private init; }

    /// <summary>Why it means nothing here, what it does instead, or what to do without it; a sentence's end without a full stop.</summary>
    public string? Note { get; init; }

    /// <summary>Whether <c>no</c> may stand before it.</summary>
    public bool HasNegation { get; init; }

    /// <summary>Whether something stands in brackets behind it, in the same word.</summary>
    public bool TakesBrackets { get; init; }

    /// <summary>Whether an argument is a secret: of those too many, which may be the rest of it, nothing is shown.</summary>
    public bool HoldsSecret { get; init; }

    public int FewestArguments { get; } = Tokens(Arguments).Count(static t => !t.IsOptional);

    public int MostArguments { get; } = Arguments.Contains("...", StringComparison.Ordinal) ? int.MaxValue : Tokens(Arguments).Count();

    public static Keyword Runs(string name, Section sections, string arguments, Action<Statement> run) =>
        new(name, sections, arguments, KeywordState.Runs) { Run = run };

    /// <summary>One of ProxyKit's own that a section says but once.</summary>
    public static Keyword RunsOnce(string name, Section sections, string arguments, Action<Statement> run) => Runs(name, sections, arguments, s =>
    {
        if (s.IsFirst())
        {
            run(s);
        }
    });

    public static Keyword Accepted(string name, Section sections, string arguments, string note, Action<Statement>? run = null) =>
        new(name, sections, arguments, KeywordState.Accepted) { Note = note, Run = run };

    public static Keyword Refused(string name, Section sections, string arguments = "...", string? note = null) =>
        new(name, sections, arguments, KeywordState.Refused) { Note = note };

    /// <summary>The same, which does something else first.</summary>
    public Keyword After(Action<Statement> first) => Run is { } run ? this with { Run = first + run } : this;

    private static IEnumerable<(string Text, bool IsOptional)> Tokens(string arguments)
    {
        var depth = 0;
        foreach (var token in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var opens = token.Count(static c => c is '[' or '{');
            if (token != "...")
            {
                // Alternatives in braces are one argument that has to be there, with their first word.
                yield return (token, token[0] == '[' || depth > 0);
            }

            depth += opens - token.Count(static c => c is ']' or '}');
        }
    }
}

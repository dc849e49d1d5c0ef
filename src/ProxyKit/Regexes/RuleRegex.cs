using System.Text;
using System.Text.RegularExpressions;

namespace ProxyKit.Regexes;

/// <summary>
/// A regular expression of a configuration, in HAProxy's (PCRE's) syntax, searched for in bytes. Where the expression allows it, a search takes
/// time linear in the text; else it ends after <see cref="TimeLimit"/> by an exception: what a rule would let pass because an expression is not found
/// must not pass because a client made the search too long.
/// </summary>
internal sealed class RuleRegex
{
    /// <summary>How long a search may take whose time cannot be foreseen.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private readonly RegexOptions _options;
    private volatile Regex? _regex;

    private RuleRegex(string source, RegexOptions options)
    {
        Source = source;
        _options = options | RegexOptions.CultureInvariant;
        _ = new Regex(source, _options); // which tells whether it is one, and is cheap
    }

    /// <summary>The expression as .NET has it.</summary>
    public string Source { get; }

    /// <summary>The expression ready to be searched for. That takes a millisecond to make, so it is not before somebody needs it.</summary>
    private Regex Prepared => _regex ??= Create();

    /// <summary>Whether its searches take linear time.</summary>
    public bool IsLinear => Prepared.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RuleRegex Parse(string pattern, bool ignoresCase) => Parse(Encoding.UTF8.GetBytes(pattern), ignoresCase);

    /// <summary>Reads an expression whose characters are bytes, so that a letter beyond ASCII is several.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="ignoresCase">Whether the case of letters (of ASCII) does not matter.</param>
    /// <param name="isContinued">Whether the texts are the rest of others, so that ^ does not stand for their beginning.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static RuleRegex Parse(ReadOnlySpan<byte> pattern, bool ignoresCase, bool isContinued = false)
    {
        var text = Encoding.Latin1.GetString(pattern);
        try
        {
            return new(PerlPattern.Translate(text, ignoresCase, isContinued), OptionsFor(ignoresCase));
        }
        catch (RegexParseException e)
        {
            throw PerlPattern.Fault(text, e.Message.TrimEnd('.'), e.Offset, e);
        }
    }

    /// <summary>Takes an expression in .NET's syntax whose searches have to take linear time.</summary>
    /// <exception cref="RegexParseException">It is none.</exception>
    /// <exception cref="NotSupportedException">It needs more than linear time.</exception>
    public static RuleRegex LinearOf(string pattern, bool ignoresCase)
    {
        var regex = new RuleRegex(pattern, OptionsFor(ignoresCase));
        regex._regex = regex.CreateLinear();
        return regex;
    }

    /// <summary>One expression that is found where one of several is; null where they cannot be made one that takes linear time.</summary>
    public static RuleRegex? AnyOf(IEnumerable<RuleRegex> expressions, bool ignoresCase)
    {
        var sources = expressions.Select(static e => e.Source).ToList();
        if (sources.Exists(static source => source.Contains('#', StringComparison.Ordinal))) // a comment would hide what follows
        {
            return null;
        }

        try
        {
            var all = new RuleRegex(string.Join('|', sources.Select(static source => $"(?:{source})")), OptionsFor(ignoresCase));
            return all.IsLinear ? all : null;
        }
        catch (RegexParseException)
        {
            return null; // one by one they are right
        }
    }

    /// <summary>Whether it is found in a text.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public bool IsFoundIn(ReadOnlySpan<byte> text)
    {
        using var characters = new Latin1Characters(text, stackalloc char[Latin1Characters.OnStack]);
        return IsFoundIn(characters.Span);
    }

    /// <summary>Whether it is found in a text whose characters are bytes.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public bool IsFoundIn(ReadOnlySpan<char> text)
    {
        try
        {
            return Prepared.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
    }

    /// <summary>Where it is first found in a text whose characters are bytes, without its groups; null where it is not.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public (int Index, int Length)? PlaceIn(ReadOnlySpan<char> text)
    {
        try
        {
            var found = Prepared.EnumerateMatches(text);
            return found.MoveNext() ? (found.Current.Index, found.Current.Length) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
    }

    /// <summary>Where it is found in a text, and what its groups are; allocates. Null where it is not.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public System.Text.RegularExpressions.Match? FindIn(ReadOnlySpan<byte> text) => FindIn(Encoding.Latin1.GetString(text), 0);

    /// <summary>The same in the rest of a text whose characters are bytes.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public System.Text.RegularExpressions.Match? FindIn(string text, int start)
    {
        try
        {
            var found = Prepared.Match(text, start, text.Length - start);
            return found.Success ? found : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
    }

    /// <summary>Has the first search take no longer than the others.</summary>
    public void Prepare() => _ = Prepared;

    public override string ToString() => Source;

    /// <summary>Says which expression it was, which helps, and not what the client sent, which the original keeps.</summary>
    private RegexMatchTimeoutException TookTooLong() => new($"the search for regex '{Source}' took more than {TimeLimit.TotalMilliseconds} ms");

    private static RegexOptions OptionsFor(bool ignoresCase) => ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None;

    private Regex CreateLinear() => new(Source, _options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);

    private Regex Create()
    {
        try
        {
            return CreateLinear();
        }
        catch (NotSupportedException)
        {
            return new Regex(Source, _options, TimeLimit); // look-around, back-references, atomic groups, or too large
        }
    }
}

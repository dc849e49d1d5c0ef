using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ProxyKit.Rules.Acls;

/// <summary>
/// A regular expression of a configuration, in HAProxy's (PCRE's) syntax, searched for in bytes. Where the expression allows it, a search takes
/// time linear in the text; else it ends after <see cref="TimeLimit"/> by an exception: what a rule would let pass because an expression is not found
/// must not pass because a client made the search too long.
/// </summary>
internal sealed class RuleRegex
{
    /// <summary>How long a search may take whose time cannot be foreseen.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private const int StackCharacters = 256; // the length of most paths and values

    private readonly bool _ignoresCase;
    private volatile Regex? _regex;

    private RuleRegex(string source, bool ignoresCase)
    {
        Source = source;
        _ignoresCase = ignoresCase;
        _ = new Regex(source, OptionsFor(ignoresCase)); // which tells whether it is one, and is cheap
    }

    /// <summary>The expression as .NET has it.</summary>
    public string Source { get; }

    /// <summary>The expression ready to be searched for. That takes a millisecond to make, so it is not before somebody needs it.</summary>
    private Regex Prepared => _regex ??= Create();

    /// <summary>Whether its searches take linear time.</summary>
    public bool IsLinear => Prepared.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <summary>Reads an expression.</summary>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static RuleRegex Parse(string pattern, bool ignoresCase) => Parse(Encoding.UTF8.GetBytes(pattern), ignoresCase);

    /// <summary>Reads an expression whose characters are bytes, so that a letter beyond ASCII is several.</summary>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static RuleRegex Parse(ReadOnlySpan<byte> pattern, bool ignoresCase)
    {
        try
        {
            var source = RegexSyntax.FromPcre(Encoding.Latin1.GetString(pattern));
            return new(source, ignoresCase);
        }
        catch (RegexParseException e)
        {
            throw new RuleFaultException(
                $"regex '{Encoding.UTF8.GetString(pattern)}' is invalid (error={e.Message.TrimEnd('.')}, erroffset={e.Offset})", e);
        }
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
            var all = new RuleRegex(string.Join('|', sources.Select(static source => $"(?:{source})")), ignoresCase);
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
        char[]? rented = null;
        var characters = text.Length <= StackCharacters
            ? stackalloc char[StackCharacters]
            : rented = ArrayPool<char>.Shared.Rent(text.Length);
        characters = characters[..Encoding.Latin1.GetChars(text, characters)];
        try
        {
            return Prepared.IsMatch(characters);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Where it is found in a text, and what its groups are; allocates. Null where it is not.</summary>
    /// <exception cref="RegexMatchTimeoutException">That cannot be told in time.</exception>
    public System.Text.RegularExpressions.Match? FindIn(ReadOnlySpan<byte> text)
    {
        try
        {
            var found = Prepared.Match(Encoding.Latin1.GetString(text));
            return found.Success ? found : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
    }

    /// <summary>Has the first search take no longer than the others.</summary>
    public void Prepare() => _ = Prepared;

    /// <summary>Says which expression it was, which helps, and not what the client sent, which the original keeps.</summary>
    private RegexMatchTimeoutException TookTooLong() => new($"the search for regex '{Source}' took more than {TimeLimit.TotalMilliseconds} ms");

    private static RegexOptions OptionsFor(bool ignoresCase) =>
        RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);

    private Regex Create()
    {
        var options = OptionsFor(_ignoresCase);
        try
        {
            return new Regex(Source, options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(Source, options, TimeLimit); // look-around, back-references, atomic groups, or too large
        }
    }
}

using System.Buffers;
using System.Text;
using ProxyKit.Regexes;

namespace ProxyKit.Rules.Acls;

/// <summary>Builds matchers of one style. Not safe for several threads at once.</summary>
internal sealed class PatternMatcherBuilder(PatternStyle style)
{
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<byte> PathDelimiters = SearchValues.Create("/?"u8);
    private static readonly SearchValues<byte> DomainDelimiters = SearchValues.Create("/?.:"u8);

    private readonly Dictionary<PatternEntry, RuleRegex> _expressions = []; // which take long to make
    private readonly Dictionary<PatternEntry, Network> _resolved = []; // of names, which are asked for once

    /// <summary>Builds the matcher of some entries, in the order of the file.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="mayResolve">Whether there is time to ask what names stand for.</param>
    /// <exception cref="PatternFaultException">One of them is no pattern of this style.</exception>
    public PatternMatcher Build(ReadOnlySpan<PatternEntry> entries, bool mayResolve)
    {
        switch (style.Method)
        {
            case MatchMethod.Integer or MatchMethod.Length:
                return new RangeMatcher(entries, Each(entries, entry => IntegerRange.Parse(TextOf(entry), style.IsDotted)));
            case MatchMethod.Address:
                var networks = Each(entries, entry => NetworkOf(entry, mayResolve));
                return entries.Length <= FewNetworksMatcher.Most && Array.TrueForAll(networks, static network => network.IsIPv4)
                    ? new FewNetworksMatcher(entries, networks)
                    : new NetworkMatcher(entries, networks);
            case MatchMethod.Binary:
                return Exact(entries, Each(entries, static entry => Hexadecimal(TextOf(entry))));
            case MatchMethod.Regex:
                return new RegexMatcher(entries, Each(entries, ExpressionOf), style.IgnoresCase);
            case MatchMethod.Prefix or MatchMethod.Suffix:
                var fromEnd = style.Method == MatchMethod.Suffix;
                return entries.Length <= FewMatcher.Most
                    ? new FewMatcher(entries, Each(entries, KeyOf), fromEnd ? TextRelation.EndsWith : TextRelation.BeginsWith, style.FoldsText)
                    : new EdgeMatcher(entries, Each(entries, KeyOf), fromEnd);
            case MatchMethod.Substring:
                return new SubstringMatcher(entries, Each(entries, KeyOf), delimiters: null);
            case MatchMethod.PathPart or MatchMethod.DomainPart:
                var delimiters = style.Method == MatchMethod.PathPart ? PathDelimiters : DomainDelimiters;
                PatternEntry[] kept = [.. entries];
                kept = Array.FindAll(kept, entry => !Trim(entry.Key, delimiters).IsEmpty); // nothing is no part
                return new SubstringMatcher(kept, Each<byte[]>(kept, entry => Trim(KeyOf(entry), delimiters).ToArray()), delimiters);
            default:
                return Exact(entries, Each(entries, KeyOf));
        }
    }

    /// <summary>Forgets what is kept for entries that were removed.</summary>
    public void Forget()
    {
        foreach (var entry in _expressions.Keys.Where(static entry => entry.IsRemoved).ToList())
        {
            _expressions.Remove(entry);
        }

        foreach (var entry in _resolved.Keys.Where(static entry => entry.IsRemoved).ToList())
        {
            _resolved.Remove(entry);
        }
    }

    private PatternMatcher Exact(ReadOnlySpan<PatternEntry> entries, byte[][] keys) => entries.Length <= FewMatcher.Most
        ? new FewMatcher(entries, keys, TextRelation.Is, style.FoldsText)
        : new ExactMatcher(entries, keys);

    private static T[] Each<T>(ReadOnlySpan<PatternEntry> entries, Func<PatternEntry, T> read)
    {
        var values = new T[entries.Length];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = read(entries[i]);
            }
            catch (RuleFaultException e)
            {
                throw new PatternFaultException(e.Message, entries[i], e);
            }
        }

        return values;
    }

    private static string TextOf(PatternEntry entry) => Encoding.UTF8.GetString(entry.Key);

    private static ReadOnlySpan<byte> Trim(byte[] key, SearchValues<byte> delimiters)
    {
        var start = key.AsSpan().IndexOfAnyExcept(delimiters);
        return start < 0 ? default : key.AsSpan(start..(key.AsSpan().LastIndexOfAnyExcept(delimiters) + 1));
    }

    private static byte[] Hexadecimal(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(HexadecimalDigits) is >= 0 and var wrong)
        {
            throw new RuleFaultException($"an hex digit is expected (found '{text[wrong]}')");
        }

        return text.Length % 2 == 0
            ? Convert.FromHexString(text)
            : throw new RuleFaultException("an even number of hex digit is expected");
    }

    private RuleRegex ExpressionOf(PatternEntry entry)
    {
        if (!_expressions.TryGetValue(entry, out var expression))
        {
            _expressions[entry] = expression = RuleRegexes.Parse(entry.Key, style.IgnoresCase);
        }

        return expression;
    }

    private Network NetworkOf(PatternEntry entry, bool mayResolve)
    {
        if (!_resolved.TryGetValue(entry, out var network))
        {
            network = Network.Parse(TextOf(entry), style.NoDns || !mayResolve, out var isResolved);
            if (isResolved)
            {
                _resolved[entry] = network;
            }
        }

        return network;
    }

    private byte[] KeyOf(PatternEntry entry) => PatternText.KeyOf(entry, style);
}

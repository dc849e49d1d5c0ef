using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>
/// Replaces what a regular expression finds, once or everywhere. Each further search sees only the rest of the text; one that finds
/// nothing of no length before a byte steps over that byte.
/// </summary>
/// <remarks>Without references to groups nothing is allocated; with them .NET wants a string, and makes an object of each match.</remarks>
internal sealed class RegexSubstitution
{
    private const int StackCharacters = 256; // the length of most values

    /// <summary>For expressions with look-around and back-references, which may take more than linear time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    private readonly Regex _regex, _continued;
    private readonly bool _isGlobal, _needsGroups;
    private readonly (byte[] Literal, int Group)[] _parts; // a group below 0 is none
    private readonly int _literals, _groups;

    /// <exception cref="FormatException">The regular expression is none.</exception>
    public RegexSubstitution(string pattern, string substitute, bool ignoresCase, bool isGlobal)
    {
        var bytes = Encoding.Latin1.GetString(ArgumentBytes.Of(pattern));
        var (first, continued) = (PerlPattern.Translate(bytes, ignoresCase, false), PerlPattern.Translate(bytes, ignoresCase, true));
        _regex = Compile(pattern, first);
        _continued = continued == first ? _regex : Compile(pattern, continued);
        _isGlobal = isGlobal;
        _parts = [.. Parts(ArgumentBytes.Of(substitute))];
        _needsGroups = _parts.Any(static p => p.Group > 0);
        _literals = _parts.Sum(static p => p.Literal.Length);
        _groups = _parts.Count(static p => p.Group >= 0);
    }

    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        var text = sample.Bytes;
        char[]? rented = null;
        var characters = text.Length <= StackCharacters
            ? stackalloc char[StackCharacters]
            : rented = ArrayPool<char>.Shared.Rent(text.Length);
        characters = characters[..Encoding.Latin1.GetChars(text, characters)];
        try
        {
            if (!_needsGroups && !_regex.IsMatch(characters))
            {
                return sample.SetString(text);
            }

            // One replacement for each byte and one at the end; what the groups of all of them have is as long as the text at most.
            var most = text.Length + ((_isGlobal ? text.Length + 1L : 1L) * _literals) + ((long)_groups * text.Length);
            var writer = new ResultWriter(context, (int)Math.Min(most, Scratch.MaxResult));
            if (_needsGroups)
            {
                ReplaceWithGroups(text, characters.ToString(), ref writer);
            }
            else
            {
                Replace(text, characters, ref writer);
            }

            return sample.SetString(writer.Finish());
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private void Replace(ReadOnlySpan<byte> text, scoped ReadOnlySpan<char> characters, ref ResultWriter writer)
    {
        var start = 0;
        while (start == 0 || _isGlobal)
        {
            var matches = (start == 0 ? _regex : _continued).EnumerateMatches(characters[start..]);
            if (!matches.MoveNext())
            {
                break;
            }

            var found = text.Slice(start + matches.Current.Index, matches.Current.Length);
            writer.Write(text.Slice(start, matches.Current.Index));
            foreach (var (literal, group) in _parts)
            {
                writer.Write(group == 0 ? found : literal);
            }

            if (!Advance(text, ref start, matches.Current.Index + matches.Current.Length, ref writer))
            {
                return;
            }
        }

        writer.Write(text[start..]);
    }

    private void ReplaceWithGroups(ReadOnlySpan<byte> text, string characters, ref ResultWriter writer)
    {
        var start = 0;
        while (start == 0 || _isGlobal)
        {
            var match = (start == 0 ? _regex : _continued).Match(characters, start, characters.Length - start);
            if (!match.Success)
            {
                break;
            }

            writer.Write(text[start..match.Index]);
            foreach (var (literal, group) in _parts)
            {
                writer.Write(group < 0 ? literal
                    : match.Groups[group] is { Success: true } found ? text.Slice(found.Index, found.Length) : default);
            }

            if (!Advance(text, ref start, match.Index + match.Length - start, ref writer))
            {
                return;
            }
        }

        writer.Write(text[start..]);
    }

    /// <summary>Goes behind a match; false where that was the end of the text.</summary>
    private static bool Advance(ReadOnlySpan<byte> text, ref int start, int matched, ref ResultWriter writer)
    {
        if (start == text.Length)
        {
            return false;
        }

        if (matched == 0)
        {
            writer.Write(text[start]);
            matched = 1;
        }

        start += matched;
        return true;
    }

    private static Regex Compile(string pattern, string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant, Limit);
        }
        catch (RegexParseException e)
        {
            throw new FormatException($"regex '{pattern}' is invalid (error={e.Error}, erroffset={e.Offset})", e);
        }
    }

    /// <summary>Takes a substitute apart: texts, and \0 to \9 for what the groups have found.</summary>
    private static List<(byte[] Literal, int Group)> Parts(byte[] substitute)
    {
        var parts = new List<(byte[], int)>();
        var literal = new List<byte>();
        for (var i = 0; i < substitute.Length; i++)
        {
            if (substitute[i] != '\\' || i + 1 == substitute.Length)
            {
                literal.Add(substitute[i]);
                continue;
            }

            var c = substitute[++i];
            if (char.IsAsciiDigit((char)c))
            {
                parts.Add(([.. literal], -1));
                parts.Add(([], c - '0'));
                literal.Clear();
            }
            else if (c == 'x')
            {
                if (i + 2 >= substitute.Length
                    || !byte.TryParse(substitute.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out c))
                {
                    throw new FormatException("\\x wants two hexadecimal digits in the substitute");
                }

                literal.Add(c);
                i += 2;
            }
            else
            {
                literal.Add(c);
            }
        }

        parts.Add(([.. literal], -1));
        return parts;
    }
}

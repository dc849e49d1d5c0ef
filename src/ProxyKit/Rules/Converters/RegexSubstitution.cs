using System.Globalization;
using System.Text.RegularExpressions;
using ProxyKit.Regexes;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>
/// Replaces what a regular expression finds, once or everywhere. Each further search sees only the rest of the text; one that finds
/// nothing of no length before a byte steps over that byte.
/// </summary>
/// <remarks>Without references to groups nothing is allocated; with them .NET wants a string, and makes an object of each match.</remarks>
internal sealed class RegexSubstitution
{
    private readonly RuleRegex _regex, _continued;
    private readonly bool _isGlobal, _needsGroups;
    private readonly (byte[] Literal, int Group)[] _parts; // a group below 0 is none
    private readonly int _literals, _groups;

    /// <exception cref="RuleFaultException">The regular expression is none.</exception>
    /// <exception cref="FormatException">The substitute is none.</exception>
    public RegexSubstitution(string pattern, string substitute, bool ignoresCase, bool isGlobal)
    {
        var bytes = ArgumentBytes.Of(pattern);
        _regex = RuleRegexes.Parse(bytes, ignoresCase);
        _continued = isGlobal ? RuleRegexes.Parse(bytes, ignoresCase, isContinued: true) : _regex;
        _regex.Prepare();
        _continued.Prepare();
        _isGlobal = isGlobal;
        _parts = [.. Parts(ArgumentBytes.Of(substitute))];
        _needsGroups = _parts.Any(static p => p.Group > 0);
        _literals = _parts.Sum(static p => p.Literal.Length);
        _groups = _parts.Count(static p => p.Group >= 0);
    }

    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        var text = sample.Bytes;
        using var characters = new Latin1Characters(text, stackalloc char[Latin1Characters.OnStack]);
        try
        {
            if (!_needsGroups && !_regex.IsFoundIn(characters.Span))
            {
                return sample.SetString(text);
            }

            // One replacement for each byte and one at the end; what the groups of all of them have is as long as the text at most.
            var most = text.Length + ((_isGlobal ? text.Length + 1L : 1L) * _literals) + ((long)_groups * text.Length);
            var writer = new ResultWriter(context, (int)Math.Min(most, Scratch.MaxResult));
            if (_needsGroups)
            {
                ReplaceWithGroups(text, characters.Span.ToString(), ref writer);
            }
            else
            {
                Replace(text, characters.Span, ref writer);
            }

            return sample.SetString(writer.Finish());
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private void Replace(ReadOnlySpan<byte> text, scoped ReadOnlySpan<char> characters, ref ResultWriter writer)
    {
        var start = 0;
        while (start == 0 || _isGlobal)
        {
            if ((start == 0 ? _regex : _continued).PlaceIn(characters[start..]) is not var (index, length))
            {
                break;
            }

            var found = text.Slice(start + index, length);
            writer.Write(text.Slice(start, index));
            foreach (var (literal, group) in _parts)
            {
                writer.Write(group == 0 ? found : literal);
            }

            if (!Advance(text, ref start, index + length, ref writer))
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
            if ((start == 0 ? _regex : _continued).FindIn(characters, start) is not { } match)
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

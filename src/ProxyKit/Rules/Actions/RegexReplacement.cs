using System.Globalization;
using ProxyKit.Regexes;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Replaces a text that a regular expression is found in by another one, in which <c>\0</c> to <c>\9</c> stand for what was found and
/// <c>\xHH</c> for a byte. Allocates only where a part of what was found is asked for.</summary>
internal sealed class RegexReplacement(string pattern)
{
    private readonly RuleRegex _regex = RegexOf(pattern, "regex");

    /// <summary>Reads the regular expression of an action, as conditions read theirs.</summary>
    /// <exception cref="ArgumentException">It is none, or empty.</exception>
    public static RuleRegex RegexOf(string pattern, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern, parameter);
        try
        {
            var regex = RuleRegex.Parse(pattern, ignoresCase: false);
            regex.Prepare();
            return regex;
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, parameter, e);
        }
    }

    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">That cannot be told in time.</exception>
    public bool Matches(ReadOnlySpan<byte> text) => _regex.IsFoundIn(text);

    /// <summary>Expands the replacement of a text that matches.</summary>
    /// <returns>Whether it fits.</returns>
    public bool TryExpand(RuleContext context, ReadOnlySpan<byte> text, ReadOnlySpan<byte> template, out ReadOnlySpan<byte> result)
    {
        result = template;
        return !template.Contains((byte)'\\')
            || TryExpand(context, text, template, HasGroup(template) ? _regex.FindIn(text) : null, out result);
    }

    /// <summary>The same with what was found at hand.</summary>
    /// <param name="context">Whose scratch space it is.</param>
    /// <param name="text">The text that matches.</param>
    /// <param name="template">The replacement.</param>
    /// <param name="match">What was found in the text; needed where the replacement asks for a part of it.</param>
    /// <param name="result">What comes of it.</param>
    /// <returns>Whether it fits.</returns>
    public static bool TryExpand(
        RuleContext context, ReadOnlySpan<byte> text, ReadOnlySpan<byte> template, System.Text.RegularExpressions.Match? match,
        out ReadOnlySpan<byte> result)
    {
        result = default;
        var expanded = context.Scratch.Rent(Scratch.MaxResult);
        var written = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length)
            {
                var next = template[++i];
                if (next is >= (byte)'0' and <= (byte)'9')
                {
                    var group = match!.Groups[next - '0']; // there is a match where there is such a group
                    if (group.Success)
                    {
                        if (written + group.Length > expanded.Length)
                        {
                            return false;
                        }

                        text.Slice(group.Index, group.Length).CopyTo(expanded[written..]); // Latin-1: a byte is a character
                        written += group.Length;
                    }

                    continue;
                }

                if (next == 'x' && i + 2 < template.Length && TryReadHex(template.Slice(i + 1, 2), out var value))
                {
                    i += 2;
                    next = value;
                }

                if (!TryPut(next, expanded, ref written))
                {
                    return false;
                }
            }
            else if (!TryPut(template[i], expanded, ref written))
            {
                return false;
            }
        }

        result = context.Scratch.Shrink(expanded, written);
        return true;
    }

    public override string ToString() => pattern;

    private static bool HasGroup(ReadOnlySpan<byte> template)
    {
        for (var i = 0; i + 1 < template.Length; i++)
        {
            if (template[i] == '\\' && template[++i] is >= (byte)'0' and <= (byte)'9')
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryPut(byte value, Span<byte> destination, ref int written)
    {
        if (written == destination.Length)
        {
            return false;
        }

        destination[written++] = value;
        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out byte value) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

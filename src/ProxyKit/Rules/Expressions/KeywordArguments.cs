using System.Buffers;
using System.Globalization;

namespace ProxyKit.Rules.Expressions;

/// <summary>What was written between the brackets of a keyword: <c>hdr(host,1)</c>. Counted from 0.</summary>
public sealed class KeywordArguments
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t,()\"'\\");

    private readonly string[] _texts;

    /// <summary>Arguments as they are, after their quotes and escapes were resolved.</summary>
    /// <param name="texts">The arguments; empty where there were brackets with nothing between them.</param>
    public KeywordArguments(params string[] texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _texts = [.. texts];
    }

    /// <summary>No brackets at all, which a few fetches tell from empty ones.</summary>
    public static KeywordArguments None { get; } = new() { IsAbsent = true };

    /// <summary>Whether there were no brackets at all.</summary>
    public bool IsAbsent { get; private init; }

    /// <summary>How many there are; 1, and empty, for <c>()</c> read from text, which <see cref="IsGiven"/> tells.</summary>
    public int Count => _texts.Length;

    /// <summary>Whether an argument is there and not empty.</summary>
    /// <param name="index">Which one.</param>
    /// <returns>Whether it is.</returns>
    public bool IsGiven(int index) => index < _texts.Length && _texts[index].Length > 0;

    /// <summary>An argument as text.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="fallback">What stands for one that is not there; one that is there and empty stays empty.</param>
    /// <returns>The text.</returns>
    public string Text(int index, string fallback = "") => index < _texts.Length ? _texts[index] : fallback;

    /// <summary>An argument as a number.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="fallback">What stands for one that is not there or empty.</param>
    /// <returns>The number; beyond 64 bits the nearest.</returns>
    /// <exception cref="FormatException">It is no number.</exception>
    public long Integer(int index, long fallback = 0)
    {
        if (!IsGiven(index))
        {
            return fallback;
        }

        return TryParseInteger(_texts[index], out var value)
            ? value
            : throw new FormatException($"failed to parse '{_texts[index]}' as type 'integer'");
    }

    /// <summary>The arguments in their brackets, as a configuration file would have them.</summary>
    /// <returns>The text; empty where there are no brackets.</returns>
    public override string ToString() => IsAbsent ? "" : $"({string.Join(',', _texts.Select(Quote))})";

    /// <summary>Reads a whole text as a number: an optional sign and digits.</summary>
    internal static bool TryParseInteger(string text, out long value)
    {
        value = 0;
        var digits = text.AsSpan(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            value = text[0] == '-' ? long.MinValue : long.MaxValue;
        }

        return true;
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(NeedsQuotes)
            ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : text;
}

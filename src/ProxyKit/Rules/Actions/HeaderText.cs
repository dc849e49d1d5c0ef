using System.Buffers;

namespace ProxyKit.Rules.Actions;

/// <summary>Makes text fit for a line of a head, whoever had a say in it.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, .. Enumerable.Range(0x0A, 0x16).Select(static b => (byte)b), 0x7F]);

    // HAProxy sends blanks in a target as they are. Servers disagree about such a line (RFC 9112 §3): some take it whole, some end the target at the
    // first blank, some find a version in it. Written so, as RFC 9112 §3.2 has it, all read the target that the rule meant.
    private static readonly SearchValues<byte> NotOfTarget = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(static b => (byte)b), 0x7F]);

    /// <summary>Whether a text is fit for a line as it is.</summary>
    public static bool IsClean(ReadOnlySpan<byte> text) => text.IndexOfAny(Controls) < 0;

    /// <summary>The text with each control byte but the tab written as <c>%XX</c>, so that it cannot end its line. Nothing else changes.</summary>
    public static ReadOnlySpan<byte> Escape(RuleContext context, ReadOnlySpan<byte> text) => Escape(context, text, Controls);

    /// <summary>The same for a part of a target, which blanks and tabs would end.</summary>
    public static ReadOnlySpan<byte> EscapeTarget(RuleContext context, ReadOnlySpan<byte> text) => Escape(context, text, NotOfTarget);

    private static ReadOnlySpan<byte> Escape(RuleContext context, ReadOnlySpan<byte> text, SearchValues<byte> bytes)
    {
        if (text.IndexOfAny(bytes) < 0)
        {
            return text;
        }

        var escaped = context.Scratch.Rent(text.Length * 3);
        var written = 0;
        foreach (var value in text)
        {
            if (bytes.Contains(value))
            {
                escaped[written++] = (byte)'%';
                escaped[written++] = Digit(value >> 4);
                escaped[written++] = Digit(value & 15);
            }
            else
            {
                escaped[written++] = value;
            }
        }

        return context.Scratch.Shrink(escaped, written);
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}

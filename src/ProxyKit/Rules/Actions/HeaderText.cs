using System.Buffers;

namespace ProxyKit.Rules.Actions;

/// <summary>Makes text fit for a line of a head, whoever had a say in it.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, .. Enumerable.Range(0x0A, 0x16).Select(static b => (byte)b), 0x7F]);

    /// <summary>The text with each control byte but the tab written as <c>%XX</c>, so that it cannot end its line. Nothing else changes.</summary>
    public static ReadOnlySpan<byte> Escape(RuleContext context, ReadOnlySpan<byte> text)
    {
        var next = text.IndexOfAny(Controls);
        if (next < 0)
        {
            return text;
        }

        var escaped = context.Scratch.Rent(text.Length * 3);
        var written = 0;
        foreach (var value in text)
        {
            if (Controls.Contains(value))
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

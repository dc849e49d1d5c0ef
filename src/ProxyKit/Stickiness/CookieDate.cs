namespace ProxyKit.Stickiness;

/// <summary>The dates in sticky cookies: five characters of base 64 for thirty bits, which count steps of four seconds since 1970.</summary>
internal static class CookieDate
{
    /// <summary>How many characters a date has.</summary>
    public const int Length = 5;

    /// <summary>How many seconds a step is.</summary>
    public const int Step = 4;

    private const int BitsOfCharacter = 6;
    private const int Mask = (1 << BitsOfCharacter) - 1;

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>Writes a date.</summary>
    /// <param name="destination">Receives <see cref="Length"/> characters.</param>
    /// <param name="seconds">The date, in seconds since 1970; what is left of a step is cut off.</param>
    public static void Write(Span<byte> destination, long seconds)
    {
        var steps = seconds / Step;
        for (var i = Length - 1; i >= 0; i--)
        {
            destination[i] = Alphabet[(int)(steps & Mask)];
            steps >>= BitsOfCharacter;
        }
    }

    /// <summary>Reads the date that a text begins with; 0 for none.</summary>
    /// <returns>Seconds since 1970.</returns>
    public static long Read(ReadOnlySpan<byte> text)
    {
        if (text.Length < Length)
        {
            return 0;
        }

        var steps = 0L;
        foreach (var character in text[..Length])
        {
            var digit = Alphabet.IndexOf(character);
            if (digit < 0)
            {
                return 0;
            }

            steps = (steps << BitsOfCharacter) | (uint)digit;
        }

        return steps * Step;
    }

    /// <summary>The date that stands for a time: of the steps, the next one.</summary>
    public static long RoundUp(long seconds) => (seconds + Step - 1) / Step * Step;
}

namespace ProxyKit.Rules.Converters;

/// <summary>The sixteen digits.</summary>
internal static class HexDigits
{
    public static ReadOnlySpan<byte> Upper => "0123456789ABCDEF"u8;

    public static ReadOnlySpan<byte> Lower => "0123456789abcdef"u8;

    /// <summary>What a digit of either case is worth; -1 for a byte that is none.</summary>
    public static int ValueOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Writes a byte as two digits.</summary>
    public static void Write(byte value, ReadOnlySpan<byte> digits, Span<byte> destination)
    {
        destination[1] = digits[value & 15];
        destination[0] = digits[value >> 4];
    }
}

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>The header of a TCP segment (RFC 9293 §3.1).</summary>
internal readonly ref struct TcpHeader
{
    private const int FixedLength = 20;

    private TcpHeader(ReadOnlySpan<byte> segment, int length)
    {
        Segment = segment;
        Options = segment[FixedLength..length];
    }

    public ReadOnlySpan<byte> Segment { get; }

    public ReadOnlySpan<byte> Options { get; }

    public static bool TryRead(ReadOnlySpan<byte> segment, out TcpHeader header)
    {
        header = default;
        if (segment.Length < FixedLength || (segment[12] >> 4) * 4 is var length && (length < FixedLength || length > segment.Length))
        {
            return false;
        }

        header = new TcpHeader(segment, length);
        return true;
    }

    /// <summary>Finds an option.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="length">How long it has to be.</param>
    /// <param name="option">The option with its kind and length; empty where there is none.</param>
    /// <returns>False where the options are broken.</returns>
    public bool TryFind(byte kind, int length, out ReadOnlySpan<byte> option)
    {
        var rest = Options;
        while (TryReadOption(ref rest, out option))
        {
            if (option.IsEmpty || option[0] == kind)
            {
                return option.IsEmpty || option.Length == length;
            }
        }

        return false;
    }

    /// <summary>Takes one option; an empty one at the end of the list.</summary>
    /// <returns>False where it is broken.</returns>
    public static bool TryReadOption(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> option)
    {
        const byte End = 0, Padding = 1;
        option = default;
        if (rest.IsEmpty || rest[0] == End)
        {
            return true;
        }

        var length = rest[0] == Padding ? 1 : rest.Length > 1 ? rest[1] : 0;
        if (length > rest.Length || (length < 2 && rest[0] != Padding))
        {
            return false;
        }

        option = rest[..length];
        rest = rest[length..];
        return true;
    }
}

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Reads the header of the PROXY protocol, of either version, from the first bytes of a connection.</summary>
/// <remarks>It never asks for more bytes than the header has in any case, since what follows belongs to somebody else: the handshake of TLS, or
/// the first request.</remarks>
internal static class ProxyHeaderParser
{
    /// <summary>What the shorter of the two has at least: <c>PROXY UNKNOWN</c> and the end of its line.</summary>
    private const int Shortest = 15;

    /// <summary>Reads what is there.</summary>
    /// <param name="bytes">All that has come, which was no more than was asked for.</param>
    /// <param name="most">How long a header may be.</param>
    public static ProxyHeaderStep Parse(ReadOnlySpan<byte> bytes, int most)
    {
        if (bytes.IsEmpty)
        {
            return ProxyHeaderStep.Needs(Shortest);
        }

        return bytes[0] == ProxyHeaderText.Start[0] ? ProxyHeaderText.Parse(bytes, Shortest) : ProxyHeaderBinary.Parse(bytes, most);
    }
}

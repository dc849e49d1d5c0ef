using System.Buffers.Binary;

namespace ProxyKit.Transport.Tls;

/// <summary>Looks at what a server says first in a handshake: the platform does not tell whether an earlier session was taken up.</summary>
internal static class ServerHello
{
    private const int RecordHead = 5, HandshakeHead = 4, BeforeSessionId = 34;
    private const int PreSharedKey = 41, SupportedVersions = 43;

    /// <summary>The random of a hello that asks for another try (RFC 8446 §4.1.3).</summary>
    private static ReadOnlySpan<byte> Retry =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Whether the server takes up an earlier session.</summary>
    /// <param name="flight">The records that it sends first.</param>
    /// <returns>Null where it asks for another hello, and so does not say yet.</returns>
    public static bool? IsResuming(ReadOnlySpan<byte> flight)
    {
        if (flight.Length < RecordHead + HandshakeHead + BeforeSessionId + 1 || flight[0] != 0x16 || flight[RecordHead] != 2)
        {
            return false; // no ServerHello
        }

        var record = flight.Slice(RecordHead, Math.Min(BinaryPrimitives.ReadUInt16BigEndian(flight[3..]), flight.Length - RecordHead));
        if (record.Length < HandshakeHead + BeforeSessionId + 1)
        {
            return false;
        }

        var hello = record[HandshakeHead..];
        if (hello.Slice(2, Retry.Length).SequenceEqual(Retry))
        {
            return null;
        }

        var (isNew, hasKey) = Extensions(hello);
        return isNew ? hasKey : Switches(flight);
    }

    /// <summary>Whether it is of TLS 1.3, and has a key that both know already (RFC 8446 §4.2.11).</summary>
    private static (bool IsNew, bool HasKey) Extensions(ReadOnlySpan<byte> hello)
    {
        var found = (IsNew: false, HasKey: false);
        var start = BeforeSessionId + 1 + hello[BeforeSessionId] + 2 + 1; // behind the suite and the compression
        if (start + 2 > hello.Length)
        {
            return found;
        }

        var rest = hello[(start + 2)..];
        rest = rest[..Math.Min(rest.Length, BinaryPrimitives.ReadUInt16BigEndian(hello[start..]))];
        while (rest.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            found = (found.IsNew || type == SupportedVersions, found.HasKey || type == PreSharedKey);
            rest = rest[Math.Min(rest.Length, 4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        }

        return found;
    }

    /// <summary>Up to TLS 1.2: whether it goes over to the session's keys in the same breath (RFC 5246 §7.3).</summary>
    private static bool Switches(ReadOnlySpan<byte> flight)
    {
        while (flight.Length >= RecordHead)
        {
            if (flight[0] == 0x14)
            {
                return true;
            }

            flight = flight[Math.Min(flight.Length, RecordHead + BinaryPrimitives.ReadUInt16BigEndian(flight[3..]))..];
        }

        return false;
    }
}

using System.Buffers.Binary;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The version within a ClientHello, an SSLv2 one included, as 65536 times its major number plus its minor one:
/// <c>req.ssl_ver</c>.</summary>
internal static class HelloVersion
{
    public static bool TryGet(RuleContext context, ref Sample sample)
    {
        if (!ContentFetches.TryGet(context, MessageSide.Request, out var bytes))
        {
            return false;
        }

        if (bytes.IsEmpty)
        {
            return ContentFetches.TooShort(context);
        }

        return bytes[0] is (>= 0x14 and <= 0x17) or 0xFF ? TryGetOfRecord(context, bytes, ref sample) : TryGetOfSslV2(context, bytes, ref sample);
    }

    private static bool TryGetOfRecord(RuleContext context, ReadOnlySpan<byte> bytes, ref Sample sample)
    {
        if (bytes.Length < 11)
        {
            return ContentFetches.TooShort(context);
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (bytes[1] < 3 || length < 6 || bytes[9] < 3) // of SSL 3.0 at least, outside and inside
        {
            return false;
        }

        var inBuffer = Math.Min((int)length, Scratch.MaxResult - 5);
        return bytes.Length - 5 < inBuffer ? ContentFetches.TooShort(context) : sample.Set((bytes[9] << 16) | bytes[10]);
    }

    private static bool TryGetOfSslV2(RuleContext context, ReadOnlySpan<byte> bytes, ref Sample sample)
    {
        var header = (bytes[0] & 0x80) != 0 ? 2 : 3; // a long header says how much padding there is
        if (bytes.Length <= header)
        {
            return ContentFetches.TooShort(context);
        }

        var length = ((bytes[0] & (header == 2 ? 0x7F : 0x3F)) << 8) | bytes[1];
        var padding = header == 2 ? 0 : bytes[2];
        if (bytes[header] != 1) // a ClientHello
        {
            return false;
        }

        var body = bytes[(header + 1)..];
        if (body.Length < 8)
        {
            return ContentFetches.TooShort(context);
        }

        var suites = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
        var session = BinaryPrimitives.ReadUInt16BigEndian(body[4..]);
        var challenge = BinaryPrimitives.ReadUInt16BigEndian(body[6..]);
        if (suites % 3 != 0 || session is not (0 or 16) || challenge is < 16 or > 32 || length != 9 + suites + session + challenge)
        {
            return false;
        }

        return body.Length - 8 < suites + session + challenge + padding
            ? ContentFetches.TooShort(context)
            : sample.Set((body[0] << 16) | body[1]);
    }
}

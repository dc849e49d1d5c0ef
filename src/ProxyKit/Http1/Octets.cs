using System.Buffers;

namespace ProxyKit.Http1;

/// <summary>The sets of octets that RFC 9110 and RFC 9112 build messages from.</summary>
internal static class Octets
{
    public const byte Cr = (byte)'\r', Lf = (byte)'\n', Space = (byte)' ', Tab = (byte)'\t';

    /// <summary>What a token is made of (RFC 9110 §5.6.2): methods, field names.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"u8);

    /// <summary>What a request target may hold: everything visible in ASCII but the number sign, which would begin a fragment.</summary>
    public static readonly SearchValues<byte> Target = Create(b => b is > 0x20 and < 0x7F and not (byte)'#');

    /// <summary>What it may hold where that is asked for: also the number sign, and what is not of ASCII.</summary>
    public static readonly SearchValues<byte> LenientTarget = Create(b => b is > 0x20 and not 0x7F);

    /// <summary>What a field value may not hold (RFC 9110 §5.5): control characters other than HT.</summary>
    public static readonly SearchValues<byte> Control = Create(b => b is < 0x20 and not Tab or 0x7F);

    /// <summary>What a host may not hold, and the three that make it more than a name: brackets and colon.</summary>
    public static readonly SearchValues<byte> NotPlainHost = Create(b => b is <= 0x20 or 0x7F || ",#/?@\\[]:"u8.Contains(b));

    /// <summary>What a host may never hold.</summary>
    public static readonly SearchValues<byte> NotHost = Create(b => b is <= 0x20 or 0x7F || ",#/?@\\"u8.Contains(b));

    /// <summary>What a scheme is made of behind its first letter (RFC 3986 §3.1).</summary>
    public static readonly SearchValues<byte> Scheme =
        SearchValues.Create("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static readonly SearchValues<byte> Base64 =
        SearchValues.Create("+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static bool IsBlank(byte value) => value is Space or Tab;

    public static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    private static SearchValues<byte> Create(Func<byte, bool> contains)
    {
        var values = new List<byte>();
        for (var value = 0; value <= byte.MaxValue; value++)
        {
            if (contains((byte)value))
            {
                values.Add((byte)value);
            }
        }

        return SearchValues.Create(values.ToArray());
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace ProxyKit.Metering;

/// <summary>Names as events keep them: visible UTF-8 of at most 255 bytes, different for different names whatever clients send.</summary>
internal static class UsageText
{
    public const int MaxBytes = 255;
    private const int KeptOfLong = MaxBytes - 1 - DigestChars;
    private const int DigestChars = 32;
    private const int EscapeBytes = 4; // \x0a

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        Enumerable.Range(0x20, 0x7f - 0x20).Where(static b => b != '\\').Select(static b => (byte)b).ToArray());

    /// <summary>Writes a name.</summary>
    /// <param name="name">Its bytes.</param>
    /// <param name="target">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>How many were written.</returns>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> target)
    {
        if (name.Length <= MaxBytes && !name.ContainsAnyExcept(Plain))
        {
            name.CopyTo(target);
            return name.Length;
        }

        return WriteSlow(name, target);
    }

    public static int Write(string name, Span<byte> target)
    {
        if (name.Length <= MaxBytes / 3)
        {
            Span<byte> bytes = stackalloc byte[MaxBytes];
            return Write(bytes[..Encoding.UTF8.GetBytes(name, bytes)], target);
        }

        return Write(Encoding.UTF8.GetBytes(name), target);
    }

    /// <summary>A name as events keep it.</summary>
    public static byte[] Kept(ReadOnlySpan<byte> name)
    {
        Span<byte> kept = stackalloc byte[MaxBytes];
        return kept[..Write(name, kept)].ToArray();
    }

    /// <summary>A name as events keep it, be it given so or as it is.</summary>
    public static string Stored(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length <= MaxBytes && IsEscaped(name) && !name.AsSpan().ContainsAnyInRange('\0', '\u001f') && !name.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return name;
        }

        Span<byte> stored = stackalloc byte[MaxBytes];
        return Encoding.UTF8.GetString(stored[..Write(bytes, stored)]);
    }

    /// <summary>Whether all backslashes of a name stand for bytes, as <see cref="Escape"/> writes them.</summary>
    private static bool IsEscaped(string name)
    {
        for (var i = name.IndexOf('\\', StringComparison.Ordinal); i >= 0; i = name.IndexOf('\\', i + 1))
        {
            if (i + 4 > name.Length || name[i + 1] != 'x' || !char.IsAsciiHexDigitLower(name[i + 2]) || !char.IsAsciiHexDigitLower(name[i + 3]))
            {
                return false;
            }
        }

        return true;
    }

    private static int WriteSlow(ReadOnlySpan<byte> name, Span<byte> target)
    {
        var escaped = Escape(name);
        if (escaped.Length <= MaxBytes)
        {
            escaped.CopyTo(target);
            return escaped.Length;
        }

        // Two long names must not become one client: what is cut off is told apart by its digest.
        var kept = KeptOfLong;
        while ((escaped[kept] & 0xC0) == 0x80)
        {
            kept--; // not in the middle of a character
        }

        var escape = escaped.AsSpan(kept - EscapeBytes + 1, EscapeBytes - 1).LastIndexOf((byte)'\\');
        if (escape >= 0)
        {
            kept += escape - EscapeBytes + 1; // nor of what stands for a byte, or the name would be no kept one
        }

        escaped.AsSpan(0, kept).CopyTo(target);
        target[kept++] = (byte)'~';
        var digest = Convert.ToHexStringLower(SHA256.HashData(name).AsSpan(0, DigestChars / 2));
        return kept + Encoding.ASCII.GetBytes(digest, target[kept..]);
    }

    private static byte[] Escape(ReadOnlySpan<byte> name)
    {
        var isText = Utf8.IsValid(name);
        var text = new ArrayBufferWriter<byte>(name.Length * 2);
        for (var i = 0; i < name.Length; i++)
        {
            var b = name[i];
            if (b is < 0x20 or 0x7f or (byte)'\\' || (b >= 0x80 && !isText) || IsControl(name[i..]) || (i > 0 && IsControl(name[(i - 1)..])))
            {
                var escape = text.GetSpan(4);
                escape[0] = (byte)'\\';
                escape[1] = (byte)'x';
                Convert.TryToHexStringLower([b], escape[2..4], out _);
                text.Advance(4);
            }
            else
            {
                text.GetSpan(1)[0] = b;
                text.Advance(1);
            }
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>Whether text goes on with a control character of two bytes, U+0080 to U+009F: terminals obey those too.</summary>
    private static bool IsControl(ReadOnlySpan<byte> text) => text is [0xC2, >= 0x80 and <= 0x9F, ..];
}

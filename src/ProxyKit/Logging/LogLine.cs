using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace ProxyKit.Logging;

/// <summary>Writes a line of a log piece by piece into a span that is long enough for it.</summary>
internal ref struct LogLine(Span<char> destination)
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private const int MaxAddressLength = 65; // what IPAddress.TryFormat may need, a scope id included

    /// <summary>What stands in a line as it is: visible ASCII and blanks, without the sign of all else and the quotes around texts.</summary>
    private static readonly SearchValues<byte> Safe = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Where(static b => b is not ('#' or '"')).Select(static b => (byte)b)]);

    private readonly Span<char> _destination = destination;

    /// <summary>How much was written.</summary>
    public int Length { get; private set; }

    public void Write(char character) => _destination[Length++] = character;

    public void Write(scoped ReadOnlySpan<char> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    public void Write(long number)
    {
        number.TryFormat(_destination[Length..], out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Write(long number, char separator)
    {
        Write(number);
        Write(separator);
    }

    /// <summary>Writes an address. An IPv4 client reads as one, whichever way the listener's socket spells it; IPv6 has no brackets here
    /// and no scope, as in HAProxy.</summary>
    public void Write(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out _);
            Write(bytes[12], '.');
            Write(bytes[13], '.');
            Write(bytes[14], '.');
            Write(bytes[15]);
            return;
        }

        Span<char> text = stackalloc char[MaxAddressLength];
        address.TryFormat(text, out var length);
        text = text[..length];
        var scope = text.IndexOf('%');
        Write(scope < 0 ? text : text[..scope]);
    }

    /// <summary>Writes <c>21/Nov/2025:07:28:15.123</c>.</summary>
    public void Write(DateTimeOffset time)
    {
        WriteDigits(time.Day, 2);
        Write('/');
        Write(Months.AsSpan((time.Month - 1) * 3, 3));
        Write('/');
        WriteDigits(time.Year, 4);
        Write(':');
        WriteDigits(time.Hour, 2);
        Write(':');
        WriteDigits(time.Minute, 2);
        Write(':');
        WriteDigits(time.Second, 2);
        Write('.');
        WriteDigits(time.Millisecond, 3);
    }

    /// <summary>Writes a text with what is unsafe in a log encoded; in UTF-8, at most nine characters for each of its own.</summary>
    public void WriteEncoded(string text)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = longest <= 256 ? stackalloc byte[256] : new byte[longest];
        WriteEncoded(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    /// <summary>Writes bytes, those that are unsafe in a log as <c>#</c> and two digits.</summary>
    public void WriteEncoded(scoped ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var safe = bytes.IndexOfAnyExcept(Safe);
            Ascii.ToUtf16(safe < 0 ? bytes : bytes[..safe], _destination[Length..], out var written);
            Length += written;
            if (safe < 0)
            {
                return;
            }

            Write('#');
            Convert.TryToHexString(bytes.Slice(safe, 1), _destination[Length..], out var digits);
            Length += digits;
            bytes = bytes[(safe + 1)..];
        }
    }

    /// <summary>What was written.</summary>
    public override readonly string ToString() => new(_destination[..Length]);

    private void WriteDigits(int number, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            _destination[Length + i] = (char)('0' + (number % 10));
            number /= 10;
        }

        Length += count;
    }
}

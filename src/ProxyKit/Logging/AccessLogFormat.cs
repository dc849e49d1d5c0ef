using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.Logging;

/// <summary>Writes a record as a line of HAProxy's <c>option httplog</c> or <c>option tcplog</c>, so that what reads HAProxy's logs reads ours.</summary>
/// <remarks>
/// HTTP: <c>%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %{+Q}r</c>.
/// TCP: <c>%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq</c>.
/// Header captures are not there, and with them goes their place in the line, as in HAProxy; cookies and queues are shown as unused.
/// </remarks>
internal static class AccessLogFormat
{
    private const int MaxRequestLineBytes = 1023; // HAProxy: tune.http.logurilen, 1024, less one
    private const int MaxFixedLength = 512; // the longest address, numbers and separators need 350
    private const int MaxAddressLength = 65; // what IPAddress.TryFormat may need, a scope id included
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>What is written as it is; the rest as <c>#</c> and two digits.</summary>
    private static readonly SearchValues<byte> Safe =
        SearchValues.Create([.. Enumerable.Range(32, 95).Select(static b => (byte)b).Where(static b => b is not ((byte)'#' or (byte)'"'))]);

    /// <summary>The most characters that <see cref="Write"/> needs for a record.</summary>
    public static int MaxLength(in ExchangeRecord record)
    {
        var names = record.Frontend.Length + record.Backend.Length + (record.Server?.Length ?? 0);
        return MaxFixedLength + (names * 9) + (Math.Min(record.RequestLine.Length, MaxRequestLineBytes) * 3);
    }

    /// <summary>Writes the line, without an end of line.</summary>
    /// <param name="record">What there is to say.</param>
    /// <param name="zone">The time zone of the log.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> long.</param>
    /// <returns>How many characters were written.</returns>
    public static int Write(in ExchangeRecord record, TimeZoneInfo zone, Span<char> destination)
    {
        var line = new Line(destination);
        WriteClient(ref line, record.Client);
        line.Write(" [");
        WriteTime(ref line, TimeZoneInfo.ConvertTime(record.StartedAt, zone));
        line.Write("] ");
        line.WriteEncoded(record.Frontend);
        line.Write(record.IsSecure ? "~ " : " ");
        line.WriteEncoded(record.Backend);
        line.Write("/");
        line.WriteEncoded(record.Server ?? "<NOSRV>");
        line.Write(" ");
        if (record.IsHttp)
        {
            WriteHttp(ref line, record);
        }
        else
        {
            WriteTcp(ref line, record);
        }

        return line.Length;
    }

    /// <summary>A client's address as the lines have it, for messages that go with them.</summary>
    public static string ClientText(EndPoint? client)
    {
        var line = new Line(stackalloc char[MaxAddressLength + 8]);
        WriteClient(ref line, client);
        return line.ToString();
    }

    private static void WriteHttp(ref Line line, in ExchangeRecord record)
    {
        var timers = record.Timers;
        line.Write(timers.Request, '/');
        line.Write(timers.Queue, '/');
        line.Write(timers.Connect, '/');
        line.Write(timers.Response, '/');
        line.Write(timers.Active, ' ');
        line.Write(record.Status, ' ');
        line.Write(record.BytesFromServer, ' ');
        line.Write("- - "); // the captured cookies
        line.Write(record.Cause);
        line.Write(record.Phase);
        line.Write("-- "); // persistence by cookie
        WriteCounts(ref line, record);
        line.Write(" \"");
        if (record.RequestLine.IsEmpty)
        {
            line.Write("<BADREQ>");
        }
        else
        {
            line.WriteEncoded(record.RequestLine[..Math.Min(record.RequestLine.Length, MaxRequestLineBytes)]);
        }

        line.Write("\"");
    }

    private static void WriteTcp(ref Line line, in ExchangeRecord record)
    {
        line.Write(record.Timers.Queue, '/');
        line.Write(record.Timers.Connect, '/');
        line.Write(record.Timers.Total, ' ');
        line.Write(record.BytesFromServer, ' ');
        line.Write(record.Cause);
        line.Write(record.Phase);
        line.Write(' ');
        WriteCounts(ref line, record);
    }

    private static void WriteCounts(ref Line line, in ExchangeRecord record)
    {
        var counts = record.Concurrency;
        line.Write(counts.Process, '/');
        line.Write(counts.Frontend, '/');
        line.Write(counts.Backend, '/');
        line.Write(counts.Server, '/');
        if (record.Redispatched)
        {
            line.Write('+');
        }

        line.Write(record.Retries, ' ');
        line.Write("0/0"); // the queues
    }

    private static void WriteClient(ref Line line, EndPoint? client)
    {
        switch (client)
        {
            case IPEndPoint ip:
                WriteAddress(ref line, ip.Address);
                line.Write(':');
                line.Write(ip.Port);
                break;
            case UnixDomainSocketEndPoint:
                line.Write("unix:1"); // the client has no name, and HAProxy's number is that of its listener
                break;
            default:
                line.Write("-:-");
                break;
        }
    }

    /// <summary>An IPv4 client reads as one, whichever way the listener's socket spells it; IPv6 has no brackets here and no scope.</summary>
    private static void WriteAddress(ref Line line, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out _);
            line.Write(bytes[12], '.');
            line.Write(bytes[13], '.');
            line.Write(bytes[14], '.');
            line.Write(bytes[15]);
            return;
        }

        Span<char> text = stackalloc char[MaxAddressLength];
        address.TryFormat(text, out var length);
        text = text[..length];
        var scope = text.IndexOf('%');
        line.Write(scope < 0 ? text : text[..scope]);
    }

    /// <summary><c>21/Nov/2025:07:28:15.123</c></summary>
    private static void WriteTime(ref Line line, DateTimeOffset time)
    {
        line.WriteDigits(time.Day, 2);
        line.Write('/');
        line.Write(Months.AsSpan((time.Month - 1) * 3, 3));
        line.Write('/');
        line.WriteDigits(time.Year, 4);
        line.Write(':');
        line.WriteDigits(time.Hour, 2);
        line.Write(':');
        line.WriteDigits(time.Minute, 2);
        line.Write(':');
        line.WriteDigits(time.Second, 2);
        line.Write('.');
        line.WriteDigits(time.Millisecond, 3);
    }

    /// <summary>Writes characters one behind the other into a span that is long enough.</summary>
    private ref struct Line(Span<char> destination)
    {
        private readonly Span<char> _destination = destination;

        public int Length { get; private set; }

        public void Write(char character) => _destination[Length++] = character;

        public void Write(ReadOnlySpan<char> text)
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

        public void WriteDigits(int number, int count)
        {
            for (var i = count - 1; i >= 0; i--)
            {
                _destination[Length + i] = (char)('0' + (number % 10));
                number /= 10;
            }

            Length += count;
        }

        public void WriteEncoded(string text)
        {
            var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
            Span<byte> bytes = longest <= 256 ? stackalloc byte[256] : new byte[longest];
            WriteEncoded(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }

        public void WriteEncoded(ReadOnlySpan<byte> bytes)
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

        public override readonly string ToString() => new(_destination[..Length]);
    }
}

using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Logging;

/// <summary>Writes a record as a line of HAProxy's <c>option httplog</c> or <c>option tcplog</c>, so that its readers read ours.</summary>
/// <remarks>
/// HTTP: <c>%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %{+Q}r</c>.
/// TCP: <c>%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq</c>.
/// Header captures are not there, and with them goes their place in the line, as in HAProxy; captured cookies are shown as unused.
/// </remarks>
internal static class AccessLogFormat
{
    private const int MaxRequestLineBytes = 1023; // HAProxy: tune.http.logurilen, 1024, less one
    private const int MaxFixedLength = 512; // the longest address, numbers and separators need 350 at most
    private const int MaxClientLength = 64;

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
        var line = new LogLine(destination);
        WriteClient(ref line, record.Client);
        line.Write(" [");
        line.Write(TimeZoneInfo.ConvertTime(record.StartedAt, zone));
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
        var line = new LogLine(stackalloc char[MaxClientLength]);
        WriteClient(ref line, client);
        return line.ToString();
    }

    private static void WriteHttp(ref LogLine line, in ExchangeRecord record)
    {
        var timers = record.Timers;
        line.Write(timers.Request, '/');
        line.Write(timers.Queue, '/');
        line.Write(timers.Connect, '/');
        line.Write(timers.Response, '/');
        WriteGrowing(ref line, timers.Active, record.IsEarly);
        line.Write(record.Status, ' ');
        WriteGrowing(ref line, record.BytesFromServer, record.IsEarly);
        line.Write("- - "); // the captured cookies
        line.Write(record.Cause);
        line.Write(record.Phase);
        line.Write(record.RequestCookie);
        line.Write(record.ResponseCookie);
        line.Write(' ');
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

    private static void WriteTcp(ref LogLine line, in ExchangeRecord record)
    {
        line.Write(record.Timers.Queue, '/');
        line.Write(record.Timers.Connect, '/');
        WriteGrowing(ref line, record.Timers.Total, record.IsEarly);
        WriteGrowing(ref line, record.BytesFromServer, record.IsEarly);
        line.Write(record.Cause);
        line.Write(record.Phase);
        line.Write(' ');
        WriteCounts(ref line, record);
    }

    /// <summary>What is written ahead of the end has a plus, since it still grows.</summary>
    private static void WriteGrowing(ref LogLine line, long number, bool isEarly)
    {
        if (isEarly)
        {
            line.Write('+');
        }

        line.Write(number, ' ');
    }

    private static void WriteCounts(ref LogLine line, in ExchangeRecord record)
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
        line.Write(record.Queues.Server, '/');
        line.Write(record.Queues.Backend);
    }

    private static void WriteClient(ref LogLine line, EndPoint? client)
    {
        switch (client)
        {
            case IPEndPoint ip:
                line.Write(ip.Address);
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
}

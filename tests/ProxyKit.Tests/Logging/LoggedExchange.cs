using System.Net;
using ProxyKit.Logging;

namespace ProxyKit.Tests.Logging;

/// <summary>An exchange to be logged: an ordinary one, of which a test changes what it is about.</summary>
internal sealed record LoggedExchange
{
    public bool IsHttp { get; init; } = true;

    public DateTimeOffset StartedAt { get; init; } = new(2025, 11, 21, 7, 28, 15, 123, TimeSpan.Zero);

    public EndPoint? Client { get; init; } = IPEndPoint.Parse("203.0.113.9:51422");

    public string Frontend { get; init; } = "edge";

    public bool IsSecure { get; init; }

    public string Backend { get; init; } = "api";

    public string? Server { get; init; } = "a2";

    public ExchangeTimers Timers { get; init; } = new(Request: 0, Queue: 1, Connect: 2, Response: 14, Active: 17, Total: 19);

    public int Status { get; init; } = 200;

    public long BytesFromServer { get; init; } = 812;

    public string Termination { get; init; } = "--";

    public ConcurrencyCounts Concurrency { get; init; } = new(12, 11, 4, 2);

    public int Retries { get; init; }

    public bool Redispatched { get; init; }

    public byte[] RequestLine { get; init; } = "GET /v1/x?y=1 HTTP/1.1"u8.ToArray();

    public DateTimeOffset AcceptedAt { get; init; }

    public string Cookies { get; init; } = "--";

    public QueuePositions Queues { get; init; }

    public EndPoint? ServerSource { get; init; }

    public EndPoint? ServerAddress { get; init; }

    public long Number { get; init; }

    public long LogNumber { get; init; }

    public bool IsEarly { get; init; }

    public string Origin { get; init; } = "unspec";

    public ExchangeRecord ToRecord() => new()
    {
        IsHttp = IsHttp,
        StartedAt = StartedAt,
        Client = Client,
        Frontend = Frontend,
        IsSecure = IsSecure,
        Backend = Backend,
        Server = Server,
        Timers = Timers,
        Status = Status,
        BytesFromServer = BytesFromServer,
        BytesFromClient = 77,
        Cause = Termination[0],
        Phase = Termination[1],
        Concurrency = Concurrency,
        Retries = Retries,
        Redispatched = Redispatched,
        RequestLine = RequestLine,
        AcceptedAt = AcceptedAt,
        RequestCookie = Cookies[0],
        ResponseCookie = Cookies[1],
        Queues = Queues,
        ServerSource = ServerSource,
        ServerAddress = ServerAddress,
        Number = Number,
        LogNumber = LogNumber,
        IsEarly = IsEarly,
        Origin = Origin,
    };

    /// <summary>The line that is logged for it.</summary>
    public string Line(TimeZoneInfo? zone = null)
    {
        var record = ToRecord();
        var line = new char[AccessLogFormat.MaxLength(record)];
        return new string(line, 0, AccessLogFormat.Write(record, zone ?? TimeZoneInfo.Utc, line));
    }
}

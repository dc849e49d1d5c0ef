using System.Net;
using ProxyKit.Logging;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

/// <summary>An exchange or tunnel of which certain things are known.</summary>
internal sealed class DescribedHost(bool isHttp = true) : IRuleHost
{
    private static readonly IPEndPoint Client = new(IPAddress.Loopback, 1);
    private static readonly IPEndPoint ServerSource = new(IPAddress.Parse("10.0.0.1"), 40_000);
    private static readonly IPEndPoint ServerAddress = new(IPAddress.Parse("10.0.0.7"), 80);

    public int Status { get; init; } = 403;

    public DateTimeOffset StartedAt => DateTimeOffset.FromUnixTimeMilliseconds(1_795_251_169_250);

    public void Log(string origin)
    {
    }

    public ExchangeRecord Describe() => new()
    {
        IsHttp = isHttp,
        StartedAt = StartedAt,
        Client = Client,
        Frontend = "f",
        IsSecure = false,
        Backend = "b",
        Server = "s1",
        Timers = new ExchangeTimers(Request: 1, Queue: 2, Connect: 3, Response: 4, Active: 15, Total: 40) { Handshake = 5, Idle = 20 },
        AcceptedAt = StartedAt - TimeSpan.FromMilliseconds(25),
        ServerSource = ServerSource,
        ServerAddress = ServerAddress,
        Queues = new QueuePositions(Server: 8, Backend: 9),
        Number = 0x1_0000_0004,
        Status = Status,
        BytesFromServer = 172,
        BytesFromClient = 43,
        Cause = 's',
        Phase = 'Q',
        Concurrency = new ConcurrencyCounts(3, 2, 1, 1),
        Retries = 2,
        Redispatched = true,
        RequestLine = "GET / HTTP/1.1"u8,
    };

    public ValueTask<bool> DelayAsync(TimeSpan time) => new(true);

    public ValueTask<BodyWait> WaitForBodyAsync(int? atLeast, TimeSpan? limit) => new(BodyWait.Done);

    public ValueTask SendInformationalAsync(ReadOnlyMemory<byte> head) => default;
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Conformance.Failures.Chaos;

/// <summary>Clients that ask for one thing after the other, on connections that they keep or not, and note each answer that is not what it should be.</summary>
internal sealed class ChaosClients(EndPoint proxy, IReadOnlyList<ChaosServer> servers, int seed)
{
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly List<Task> _running = [];
    private volatile bool _stops;
    private int _requests, _cut;

    /// <summary>What clients saw that they should not have seen.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How many answers were broken off behind their beginning, by a server that did so.</summary>
    public int Cut => Volatile.Read(ref _cut);

    public void Start(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random(seed + i);
            _running.Add(Task.Run(() => RunAsync(random)));
        }
    }

    public Task StopAsync()
    {
        _stops = true;
        return Task.WhenAll(_running);
    }

    private async Task RunAsync(Random random)
    {
        WireClient? client = null;
        while (!_stops)
        {
            client ??= await WireClient.ConnectAsync(proxy);
            if (!await TryExchangeAsync(client, random) || random.Next(4) == 0)
            {
                await client.DisposeAsync();
                client = null;
            }
        }

        await (client?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>One request and its answer.</summary>
    /// <returns>Whether the connection can go on.</returns>
    private async Task<bool> TryExchangeAsync(WireClient client, Random random)
    {
        var target = $"/{Interlocked.Increment(ref _requests)}/{(random.Next(10) == 0 ? 3000 : 1 + random.Next(20))}";
        var (method, rest) = random.Next(10) switch
        {
            0 => ("HEAD", "\r\n"),
            1 => ("POST", "Content-Length: 5\r\n\r\nhello"),
            2 => ("PUT", $"Content-Length: 3000\r\n\r\n{new string('p', 3000)}"),
            3 => ("PUT", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            _ => ("GET", "\r\n"),
        };
        var began = Stopwatch.GetTimestamp();
        WireMessage? head = null;
        try
        {
            await client.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: h\r\n{rest}");
            head = await WireMessage.ReadHeadAsync(client.Wire) ?? throw new IOException("The stream ended instead of a response.");
            await head.ReadResponseBodyAsync(client.Wire, method);
            if (head.Status != 200 || (method != "HEAD" && head.Text != ChaosServer.BodyFor(target)))
            {
                _errors.Enqueue($"{method} {target}: {head.StartLine} by {head["X-Server"] ?? "the proxy"}, {head.Body.Length} bytes");
            }

            return head["Connection"] is not "close";
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            if (head is { Status: 200 } && servers.Any(s => s.Name == head["X-Server"] && s.CutAt >= began))
            {
                Interlocked.Increment(ref _cut); // its server broke it off, and nobody can take back what went out
            }
            else
            {
                _errors.Enqueue($"{method} {target}: {head?.StartLine ?? "no answer"}, {e.Message}");
            }

            return false;
        }
    }
}

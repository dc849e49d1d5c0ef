using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Conformance.Failures.Chaos;

/// <summary>A server that does as its mood says, which may change at any time. It has an address of its own on this machine, so that nobody else is given
/// its port while it does not listen.</summary>
internal sealed class ChaosServer : IAsyncDisposable
{
    private static readonly int[] Failures = [500, 502, 503, 504];

    private readonly Lock _lock = new(); // guards _listener, _open and the writes of _mood
    private readonly HashSet<Wire> _open = [];
    private readonly Random _random;
    private Socket? _listener;
    private volatile Mood _mood;
    private long _cutAt;
    private int _answered;

    public ChaosServer(int number, int seed)
    {
        Name = $"s{number}";
        _random = new Random(seed);
        Listen(new IPEndPoint(IPAddress.Parse($"127.{40 + (Environment.ProcessId % 200)}.7.{number}"), 0));
        EndPoint = (IPEndPoint)_listener!.LocalEndPoint!; // it listens
    }

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public Mood Mood => _mood;

    /// <summary>How many requests it has answered as they should be.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>When it last broke off what it may have been answering, as a timestamp.</summary>
    public long CutAt => Volatile.Read(ref _cutAt);

    /// <summary>How many connections are open.</summary>
    public int OpenConnections
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    public void Become(Mood mood)
    {
        Wire[] killed = [];
        lock (_lock)
        {
            _mood = mood;
            if (mood is Mood.Killed or Mood.Refusing)
            {
                _listener?.Dispose();
                _listener = null;
            }
            else if (_listener is null)
            {
                Listen(EndPoint);
            }

            if (mood == Mood.Killed)
            {
                killed = [.. _open];
            }
        }

        foreach (var wire in killed)
        {
            NoteCut();
            wire.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Become(Mood.Killed);
        var patience = Stopwatch.StartNew();
        while (OpenConnections > 0 && patience.Elapsed < Patience.Limit)
        {
            await Task.Delay(10);
        }

        Assert.Equal(0, OpenConnections);
    }

    private void Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(endPoint);
        listener.Listen(1024);
        _listener = listener;
        _ = Task.Run(() => AcceptAsync(listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            var wire = Wire.Over(socket);
            lock (_lock)
            {
                if (_mood != Mood.Killed)
                {
                    _open.Add(wire);
                    _ = Task.Run(() => ServeAsync(wire));
                    continue;
                }
            }

            wire.Reset();
        }
    }

    private async Task ServeAsync(Wire wire)
    {
        try
        {
            while (await wire.ReadHeadAsync(mayIdle: true) is { } head)
            {
                await ReadBodyAsync(wire, head);
                if (!await AnswerAsync(wire, head))
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It was killed, or the proxy has had enough.
        }
        finally
        {
            await wire.DisposeAsync();
            lock (_lock)
            {
                _open.Remove(wire);
            }
        }
    }

    private static async Task ReadBodyAsync(Wire wire, string head)
    {
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            int size;
            do
            {
                size = int.Parse(await wire.ReadLineAsync(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                await wire.ReadExactlyAsync(size + 2);
            }
            while (size > 0);
        }
        else if (head.IndexOf("content-length: ", StringComparison.OrdinalIgnoreCase) is > 0 and var at)
        {
            await wire.ReadExactlyAsync(int.Parse(head.AsSpan(at + 16, head.IndexOf('\r', at) - at - 16), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Answers as its mood says.</summary>
    /// <returns>Whether the connection stays.</returns>
    private async Task<bool> AnswerAsync(Wire wire, string head)
    {
        switch (_mood)
        {
            case Mood.Hung:
                await wire.ReadHeadAsync(mayIdle: true); // until the proxy goes
                return false;
            case Mood.Garbage:
                await wire.SendAsync("SSH-2.0-none\r\n\r\n");
                return false;
            case Mood.Silent:
                if (Draw(2) == 0)
                {
                    wire.Reset();
                }

                return false;
            case Mood.HalfHead:
                await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Len");
                return false;
            case Mood.HalfBody:
                NoteCut();
                await wire.SendAsync($"HTTP/1.1 200 OK\r\nX-Server: {Name}\r\nContent-Length: 5000\r\n\r\n{new string('x', 1000)}");
                return false;
            case Mood.Failing:
                await wire.SendAsync($"HTTP/1.1 {Failures[Draw(Failures.Length)]} Failing\r\nContent-Length: 4\r\n\r\nfail");
                return true;
            default:
                await wire.SendAsync(Reply(head));
                Interlocked.Increment(ref _answered);
                return true;
        }
    }

    /// <summary>What a request is to get: the target, so that no answer is taken for another's, over and over until it is long enough.</summary>
    private string Reply(string head)
    {
        var target = head.Split(' ', 3)[1];
        var body = BodyFor(target);
        var start = $"HTTP/1.1 200 OK\r\nX-Server: {Name}\r\n";
        return head.StartsWith("HEAD", StringComparison.Ordinal) ? $"{start}Content-Length: {body.Length}\r\n\r\n"
            : Draw(3) == 0 ? $"{start}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n"
            : $"{start}Content-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>The body that answers a target, <c>/number/repetitions</c>.</summary>
    public static string BodyFor(string target) =>
        string.Concat(Enumerable.Repeat(target, int.Parse(target.AsSpan(target.LastIndexOf('/') + 1), CultureInfo.InvariantCulture)));

    private void NoteCut() => Volatile.Write(ref _cutAt, Stopwatch.GetTimestamp());

    private int Draw(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }
}

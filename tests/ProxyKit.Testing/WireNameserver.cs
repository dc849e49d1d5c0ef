using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>A nameserver on a port of this machine, over UDP and TCP, that knows what the test has told it and keeps every question.</summary>
public sealed class WireNameserver : IAsyncDisposable
{
    private const int A = 1, Aaaa = 28, Srv = 33;

    private readonly Lock _lock = new(); // guards everything below but the sockets
    private readonly Dictionary<string, Func<NameQuestion, byte[]?>> _names = new(StringComparer.Ordinal);
    private readonly List<NameQuestion> _questions = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly Socket _udp, _tcp;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    private WireNameserver(Socket udp, Socket tcp) => (_udp, _tcp) = (udp, tcp);

    /// <summary>Where it listens, over UDP and TCP alike.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_tcp.LocalEndPoint!; // it is bound

    /// <summary>The address as configurations have it.</summary>
    public string Address => EndPoint.ToString();

    /// <summary>The questions so far.</summary>
    public IReadOnlyList<NameQuestion> Questions
    {
        get
        {
            lock (_lock)
            {
                return [.. _questions];
            }
        }
    }

    /// <summary>Starts one that knows nothing yet.</summary>
    public static WireNameserver Start()
    {
        while (true)
        {
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                udp.Bind(tcp.LocalEndPoint!); // bound a line ago
            }
            catch (SocketException)
            {
                tcp.Dispose(); // somebody has the port for UDP
                udp.Dispose();
                continue;
            }

            tcp.Listen();
            var server = new WireNameserver(udp, tcp);
            server._running = Task.WhenAll(Task.Run(server.ServeUdpAsync), Task.Run(server.ServeTcpAsync));
            return server;
        }
    }

    /// <summary>Gives a name its addresses, of both families; without any it is there and has none.</summary>
    public void Set(string name, params string[] addresses)
    {
        var parsed = addresses.Select(IPAddress.Parse).ToArray();
        Answer(name, question => question.Answer(0, [.. parsed
            .Where(a => question.Type == (a.AddressFamily == AddressFamily.InterNetwork ? A : Aaaa))
            .Select(a => NameRecord.Of(name, question.Type, a.GetAddressBytes()))]));
    }

    /// <summary>Gives a service its places.</summary>
    public void SetService(string name, params (string Target, int Port, int Weight)[] places) => Answer(name, question => question.Answer(
        0, question.Type != Srv ? [] : [.. places.Select(p => NameRecord.Service(name, p.Target, p.Port, p.Weight))]));

    /// <summary>Answers questions about a name with a code: 3 for none of the name, 5 for a refusal, 2 for a failure.</summary>
    public void Fail(string name, int code) => Answer(name, question => question.Answer(code));

    /// <summary>Answers no question about a name.</summary>
    public void Silence(string name) => Answer(name, static _ => null);

    /// <summary>Answers questions about a name with whatever a test makes of them; null for nothing.</summary>
    public void Answer(string name, Func<NameQuestion, byte[]?> answer)
    {
        lock (_lock)
        {
            _names[name] = answer;
        }
    }

    /// <summary>Waits until a name was asked for so many times.</summary>
    public async Task AskedAsync(string name, int times = 1)
    {
        var patience = Task.Delay(Patience.Limit);
        while (true)
        {
            Task changed;
            int count;
            lock (_lock)
            {
                count = _questions.Count(q => q.Name == name);
                changed = _changed.Task;
            }

            if (count >= times)
            {
                return;
            }

            if (await Task.WhenAny(changed, patience) == patience)
            {
                Assert.Fail($"{Patience.Limit.TotalSeconds} s passed while waiting for question {times} about {name}; {count} have come.");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _running;
        _udp.Dispose();
        _tcp.Dispose();
        _stopped.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopped.Token);
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), isTcp: false) is { } answer)
                {
                    await _udp.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, _stopped.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptAsync(_stopped.Token);
                await using var stream = new NetworkStream(client);
                var length = new byte[2];
                try
                {
                    await stream.ReadExactlyAsync(length, _stopped.Token);
                    var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                    await stream.ReadExactlyAsync(message, _stopped.Token);
                    if (Answer(message, isTcp: true) is { } answer)
                    {
                        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                        await stream.WriteAsync((byte[])[.. length, .. answer], _stopped.Token);
                    }
                }
                catch (IOException)
                {
                    // Who asked is gone.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> message, bool isTcp)
    {
        var question = NameQuestion.Read(message, isTcp);
        Func<NameQuestion, byte[]?>? answer;
        lock (_lock)
        {
            answer = _names.GetValueOrDefault(question.Name);
            _questions.Add(question);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var bytes = answer is null ? question.Answer(3) : answer(question);
        return bytes is not null && !isTcp && bytes.Length > question.MaxPayload ? question.CutOff() : bytes;
    }
}

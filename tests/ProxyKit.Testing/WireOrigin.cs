using System.Net;
using System.Net.Sockets;
using ProxyKit.Transport;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>An origin server that keeps every request as it came and answers as the test's script says. What the script throws fails
/// the test when the origin is disposed; a connection that breaks under it does not.</summary>
public sealed class WireOrigin : IAsyncDisposable
{
    private readonly Lock _lock = new(); // guards the lists and counts below
    private readonly Func<WireExchange, Task>? _answer;
    private readonly Func<Wire, Task>? _converse;
    private readonly bool _early;
    private readonly Func<Task<Wire?>> _accept;
    private readonly Action _stop;
    private readonly List<WireMessage> _requests = [];
    private readonly List<Exception> _faults = [];
    private readonly Dictionary<Wire, Task> _open = [];
    private TaskCompletionSource _changed = NewChange();
    private int _connections;
    private Task _accepting = Task.CompletedTask;

    private WireOrigin(
        EndPoint endPoint, Func<Task<Wire?>> accept, Action stop, Func<WireExchange, Task>? answer, Func<Wire, Task>? converse, bool early)
    {
        EndPoint = endPoint;
        _accept = accept;
        _stop = stop;
        _answer = answer;
        _converse = converse;
        _early = early;
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)EndPoint).Port;

    /// <summary>The address as a server's address is written: <c>127.0.0.1:port</c>.</summary>
    public string Address => EndPoint.ToString() ?? "";

    /// <summary>How many connections are open, of those that somebody has begun or ended.</summary>
    public int OpenConnections => Still(() => _open.Count);

    /// <summary>How many connections were accepted so far.</summary>
    public int Connections => Still(() => _connections);

    /// <summary>The requests so far. A body is there once it was read.</summary>
    public IReadOnlyList<WireMessage> Requests => Locked(() => _requests.ToList());

    /// <summary>Starts on a free port of this machine; the script runs once a request was read whole.</summary>
    public static WireOrigin Start(Func<WireExchange, Task> answer, EndPoint? endPoint = null) => OnSocket(endPoint, answer, null, early: false);

    /// <summary>Starts an origin whose script runs as soon as a head was read.</summary>
    public static WireOrigin StartEarly(Func<WireExchange, Task> answer, EndPoint? endPoint = null) => OnSocket(endPoint, answer, null, early: true);

    /// <summary>Starts an origin that knows no HTTP: the script has the stream, and its return closes it.</summary>
    public static WireOrigin StartRaw(Func<Wire, Task> converse, EndPoint? endPoint = null) => OnSocket(endPoint, null, converse, early: false);

    /// <summary>Starts an origin that answers every request with the same lines.</summary>
    public static WireOrigin Answering(params string[] lines) => Start(exchange => exchange.AnswerAsync(lines));

    /// <summary>Starts an origin on a transport, such as one in memory.</summary>
    public static WireOrigin Start(ITransport transport, EndPoint endPoint, Func<WireExchange, Task> answer, bool early = false) =>
        OnTransport(transport, endPoint, answer, null, early);

    /// <summary>Starts an origin that knows no HTTP on a transport.</summary>
    public static WireOrigin StartRaw(ITransport transport, EndPoint endPoint, Func<Wire, Task> converse) =>
        OnTransport(transport, endPoint, null, converse, early: false);

    /// <summary>Waits until this many requests have come; the last of them.</summary>
    public async Task<WireMessage> RequestAsync(int number = 1)
    {
        await WhenAsync(() => _requests.Count >= number, () => $"request {number} to come; {_requests.Count} have");
        return Locked(() => _requests[number - 1]);
    }

    /// <summary>Waits until this many connections are open.</summary>
    public Task OpenConnectionsAsync(int count) =>
        WhenAsync(() => _open.Count == count, () => $"{count} connections to be open; {_open.Count} are");

    /// <summary>Stops to listen, so that connecting is refused from now on; open connections stay.</summary>
    public void StopListening()
    {
        _stop();
        _accepting.Wait(Patience.Limit); // a thread that is about to accept keeps the socket open for a moment longer
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stop();
        await _accepting;
        List<KeyValuePair<Wire, Task>> open;
        lock (_lock)
        {
            open = [.. _open];
        }

        foreach (var (wire, _) in open)
        {
            wire.Reset();
        }

        await Task.WhenAll(open.Select(connection => connection.Value)).InTimeAsync();
        if (_faults.Count > 0)
        {
            throw new AggregateException("The origin's script failed.", _faults);
        }
    }

    private static WireOrigin OnTransport(
        ITransport transport, EndPoint endPoint, Func<WireExchange, Task>? answer, Func<Wire, Task>? converse, bool early)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var listener = transport.Listen(new ListenOptions { EndPoint = endPoint });
        return new WireOrigin(listener.LocalEndPoint ?? endPoint, AcceptAsync, listener.Dispose, answer, converse, early).Run();

        async Task<Wire?> AcceptAsync() =>
            await listener.AcceptAsync() is { } result ? ConnectionWire.Over(result.Connection ?? throw new IOException($"{result.Error}")) : null;
    }

    private static WireOrigin OnSocket(EndPoint? endPoint, Func<WireExchange, Task>? answer, Func<Wire, Task>? converse, bool early)
    {
        endPoint ??= new IPEndPoint(IPAddress.Loopback, 0);
        var listener = new Socket(
            endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        listener.Bind(endPoint);
        listener.Listen();
        return new WireOrigin(listener.LocalEndPoint ?? endPoint, AcceptAsync, listener.Dispose, answer, converse, early).Run();

        async Task<Wire?> AcceptAsync()
        {
            try
            {
                var socket = await listener.AcceptAsync();
                if (socket.ProtocolType == ProtocolType.Tcp)
                {
                    socket.NoDelay = true;
                }

                return Wire.Over(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WireOrigin Run()
    {
        _accepting = Task.Run(async () =>
        {
            while (await _accept() is { } wire)
            {
                lock (_lock)
                {
                    var number = ++_connections;
                    _open.Add(wire, Task.Run(() => ServeAsync(wire, number)));
                    ChangedLocked();
                }
            }
        });
        return this;
    }

    private async Task ServeAsync(Wire wire, int number)
    {
        try
        {
            if (_answer is not null)
            {
                await ServeRequestsAsync(wire, number, _answer);
            }
            else if (_converse is not null)
            {
                await _converse(wire);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The connection broke: what that means is the test's to say.
        }
        catch (Exception e)
        {
            // The script is the test's own code: anything it throws is for the test to see.
            Locked(() => _faults.Add(e));
        }
        finally
        {
            await wire.DisposeAsync();
            lock (_lock)
            {
                _open.Remove(wire);
                ChangedLocked();
            }
        }
    }

    private async Task ServeRequestsAsync(Wire wire, int number, Func<WireExchange, Task> answer)
    {
        for (var request = 1; await WireMessage.ReadHeadAsync(wire, mayIdle: true) is { } head; request++)
        {
            var exchange = new WireExchange(wire, head, number, request);
            if (!_early)
            {
                await exchange.ReadBodyAsync();
            }

            lock (_lock)
            {
                _requests.Add(head);
                ChangedLocked();
            }

            await answer(exchange);
            if (exchange.IsClosed)
            {
                return;
            }

            await exchange.ReadBodyAsync();
        }
    }

    private async Task WhenAsync(Func<bool> condition, Func<string> what)
    {
        var patience = Task.Delay(Patience.Limit);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition())
                {
                    return;
                }

                changed = _changed.Task;
            }

            if (await Task.WhenAny(changed, patience) == patience)
            {
                Assert.Fail($"{Patience.Limit.TotalSeconds} s passed while waiting for {Locked(what)}.");
            }
        }
    }

    private void ChangedLocked()
    {
        _changed.SetResult();
        _changed = NewChange();
    }

    /// <summary>What is so when nothing is at work any more: this side may be slower to notice than the one that has called or hung up.</summary>
    private T Still<T>(Func<T> read)
    {
        Stillness.Wait(Stillness.Moment);
        return Locked(read);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    private void Locked(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }
}

using System.Net;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Http1;

public sealed class DepartureWatchTests : IDisposable
{
    private readonly Client _first = new(), _second = new();
    private readonly Observer _observer = new();
    private readonly DepartureWatch _watch = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Departure_is_told()
    {
        WatchOver(_first);

        _first.Leave();

        Assert.Equal(1, _observer.Told);
    }

    [Fact]
    public void Signal_of_an_earlier_client_is_not_taken_for_one_of_the_next()
    {
        WatchOver(_first);
        _watch.Detach();
        var buffer = WatchOver(_second);

        _first.Leave(); // the first connection still knows the watch

        Assert.Equal(0, _observer.Told);
        Assert.Empty(buffer.Array);
        _second.Leave();
        Assert.Equal(1, _observer.Told);
    }

    [Fact]
    public void Nobody_is_told_by_a_watch_that_was_given_back()
    {
        WatchOver(_first);

        _watch.Detach();
        _first.Leave();

        Assert.Equal(0, _observer.Told);
    }

    private ReceiveBuffer WatchOver(Client client)
    {
        var buffer = new ReceiveBuffer(BufferPool.Shared);
        _watch.Attach(client, buffer);
        _watch.Start(_observer);
        return buffer;
    }

    private sealed class Observer : IDepartureObserver
    {
        public int Told { get; private set; }

        public void OnClientLeft() => Told++;
    }

    /// <summary>A client that says nothing until it leaves, which is signalled at once.</summary>
    private sealed class Client : Connection
    {
        private bool _hasLeft;

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public void Leave()
        {
            _hasLeft = true;
            SignalData();
        }

        public override bool TryReceive(Span<byte> buffer, out IoResult result)
        {
            result = IoResult.Moved(0);
            return _hasLeft;
        }

        public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer) => new(IoResult.Moved(buffer.Length));

        public override ValueTask ShutdownSendAsync() => default;

        public override void Abort()
        {
        }

        protected override bool StartWait() => true;

        protected override void Dispose(bool disposing)
        {
            // It holds nothing.
        }
    }
}

using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

/// <summary>A connection whose data is a counter, so that a test can drive the state machine of <see cref="Connection"/> alone.</summary>
internal sealed class ScriptedConnection : Connection, IThreadPoolWorkItem
{
    private readonly Lock _lock = new(); // guards the fields below
    private int _available;
    private bool _waiting;

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    /// <summary>Whether signals come from the pool, or on the stack of who adds data.</summary>
    public bool SignalsInline { get; init; }

    /// <summary>How many waits were started; each is followed by one signal.</summary>
    public int Waits { get; private set; }

    public bool IsClosed { get; private set; }

    public void Add(int count)
    {
        bool signal;
        lock (_lock)
        {
            _available += count;
            (signal, _waiting) = (_waiting, false);
        }

        if (signal && SignalsInline)
        {
            SignalData();
        }
        else if (signal)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public override bool TryReceive(Span<byte> buffer, out IoResult result)
    {
        lock (_lock)
        {
            var bytes = Math.Min(buffer.Length, _available);
            _available -= bytes;
            result = IoResult.Moved(bytes);
            return bytes > 0;
        }
    }

    public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer) => new(IoResult.Moved(buffer.Length));

    public override ValueTask ShutdownSendAsync() => default;

    public override void Abort() => Add(1);

    void IThreadPoolWorkItem.Execute() => SignalData();

    protected override bool StartWait()
    {
        lock (_lock)
        {
            Assert.False(_waiting, "a wait was started while one is under way");
            _waiting = _available == 0;
            Waits += _waiting ? 1 : 0;
            return _waiting;
        }
    }

    protected override void Dispose(bool disposing) => IsClosed = true; // it holds nothing
}

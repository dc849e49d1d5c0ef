using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Testing.InMemory;

/// <summary>One end of a connection in memory. Aborting it is a reset to the other end; what was not read yet is lost then.</summary>
internal sealed class InMemoryConnection : Connection, IThreadPoolWorkItem
{
    private readonly InMemoryPipe _in, _out;
    private readonly Func<int>? _receiveSize;
    private readonly bool _signalsInline;
    private int _closed;

    private InMemoryConnection(
        InMemoryPipe input, InMemoryPipe output, EndPoint local, EndPoint remote, Func<int>? receiveSize, bool signalsInline)
    {
        _in = input;
        _out = output;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        _receiveSize = receiveSize;
        _signalsInline = signalsInline;
    }

    public override EndPoint? LocalEndPoint { get; }

    public override EndPoint? RemoteEndPoint { get; }

    /// <summary>Makes both ends.</summary>
    public static (InMemoryConnection Client, InMemoryConnection Server) MakePair(
        EndPoint client, EndPoint server, int capacity, Func<int>? receiveSize, bool signalsInline)
    {
        var there = new InMemoryPipe(capacity);
        var back = new InMemoryPipe(capacity);
        return (new(back, there, client, server, receiveSize, signalsInline), new(there, back, server, client, receiveSize, signalsInline));
    }

    public override bool TryReceive(Span<byte> buffer, out IoResult result)
    {
        result = default;
        if (!DataExpected)
        {
            return false; // as a socket of ours: after a short read, only a wait says that there is more
        }

        var size = Math.Min(buffer.Length, _receiveSize?.Invoke() ?? int.MaxValue);
        var has = _in.TryRead(buffer[..size], out result);
        DataExpected = has && (result.Bytes == buffer.Length || result.HasError);
        return has;
    }

    public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer)
    {
        var result = _out.Write(buffer.Span, out var room);
        return result.Bytes > 0 || room is null ? new(result) : SendWhenRoomAsync(buffer, room);
    }

    public override ValueTask ShutdownSendAsync()
    {
        _out.End();
        return default;
    }

    public override void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _in.Break(TransportError.Aborted, TransportError.Reset);
            _out.Break(TransportError.Reset, TransportError.Aborted);
        }
    }

    void IThreadPoolWorkItem.Execute() => SignalData();

    /// <summary>Says that the wait is over: as a transport would, from the pool and not on the writer's stack, unless that was asked for.</summary>
    public void Signal()
    {
        if (_signalsInline)
        {
            SignalData();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    protected override bool StartWait() => _in.StartWait(this);

    internal override void End() => Dispose(true);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _in.Break(TransportError.Aborted, TransportError.Reset);
            _out.End(TransportError.Aborted);
        }
    }

    private async ValueTask<IoResult> SendWhenRoomAsync(ReadOnlyMemory<byte> buffer, Task room)
    {
        while (true)
        {
            await room;
            var result = _out.Write(buffer.Span, out var more);
            if (result.Bytes > 0 || more is null)
            {
                return result;
            }

            room = more;
        }
    }
}

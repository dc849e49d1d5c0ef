using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Transport.Sockets;

/// <summary>The send that has to wait for room in the socket's buffer. One at a time.</summary>
internal sealed class SocketSender() : SocketAsyncEventArgs(true /* no execution context: a connection flows none */), IValueTaskSource<IoResult>
{
    private ManualResetValueTaskSourceCore<IoResult> _result;
    private int _alreadySent;

    /// <summary>Sends what is left of <paramref name="buffer"/> after the first <paramref name="alreadySent"/> bytes.</summary>
    public ValueTask<IoResult> SendAsync(Socket socket, ReadOnlyMemory<byte> buffer, int alreadySent)
    {
        _alreadySent = alreadySent;
        _result.Reset();
        try
        {
            SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(buffer[alreadySent..])); // read only, by the name of the call
            if (!socket.SendAsync(this))
            {
                return new(Outcome());
            }
        }
        catch (ObjectDisposedException)
        {
            return new(IoResult.Failed(TransportError.Aborted));
        }

        return new(this, _result.Version);
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<IoResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<IoResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _result.SetResult(Outcome());

    private IoResult Outcome() => SocketError == SocketError.Success
        ? IoResult.Moved(_alreadySent + BytesTransferred)
        : IoResult.Failed(SocketError.ToTransportError());
}

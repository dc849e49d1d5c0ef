using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Transport.Sockets;

/// <summary>The send that has to wait for room in the socket's buffer. One at a time.</summary>
internal sealed class SocketSender() : SocketAsyncEventArgs(true /* no execution context: a connection flows none */), IValueTaskSource<IoResult>
{
    /// <summary>At most how much is sent before the sender hears of it: the socket engine tells only when all it was given is out, and a
    /// client that takes little at a time is to be seen moving. What has room behind that goes in one direct call.</summary>
    private const int Piece = 16 * 1024;

    private ManualResetValueTaskSourceCore<IoResult> _result;

    /// <summary>Sends the beginning of <paramref name="buffer"/> once there is room.</summary>
    public ValueTask<IoResult> SendSomeAsync(Socket socket, ReadOnlyMemory<byte> buffer)
    {
        _result.Reset();
        try
        {
            SetBuffer(MemoryMarshal.AsMemory(buffer[..Math.Min(buffer.Length, Piece)])); // read only, by the name of the call
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
        ? IoResult.Moved(BytesTransferred)
        : IoResult.Failed(SocketError.ToTransportError());
}

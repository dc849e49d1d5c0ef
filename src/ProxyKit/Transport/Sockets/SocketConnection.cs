using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Transport.Sockets;

/// <summary>A connection over a non-blocking <see cref="Socket"/>: receives and sends go straight to the system call, and only what
/// must wait goes through the socket engine.</summary>
internal sealed class SocketConnection : Connection
{
    private readonly Socket _socket;
    private readonly DataSignal _dataSignal;
    private SocketSender? _sender;
    private EndPoint? _local, _remote;
    private SocketError _sendError;
    private bool _isFull; // the last send was cut short: the next one need not try before it waits
    private bool _isHidden; // it ends in silence: no orderly end either
    private int _closed;

    public SocketConnection(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false; // so that Receive and Send are one system call and return
        if (socket.ProtocolType is ProtocolType.Tcp)
        {
            _socket.NoDelay = true;
        }

        _dataSignal = new DataSignal(this);
    }

    public override EndPoint? LocalEndPoint => _local ??= ReadEndPoint(static s => s.LocalEndPoint);

    public override EndPoint? RemoteEndPoint => _remote ??= ReadEndPoint(static s => s.RemoteEndPoint);

    public override bool TryReceive(Span<byte> buffer, out IoResult result)
    {
        if (!DataExpected)
        {
            result = default;
            return false;
        }

        int received;
        SocketError error;
        try
        {
            received = _socket.Receive(buffer, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            // Aborted by a deadline or a drain on another thread while the owner was on its way here.
            result = IoResult.Failed(TransportError.Aborted);
            return true;
        }

        if (error == SocketError.Success)
        {
            // A full buffer says that more is probably there; a short read that it is not, and saves the call that would say so.
            DataExpected = received == buffer.Length;
            result = received == 0 && Failure is not TransportError.None and var failure ? IoResult.Failed(failure) : IoResult.Moved(received);
            return true;
        }

        if (error == SocketError.WouldBlock)
        {
            DataExpected = false;
            result = default;
            return false;
        }

        result = IoResult.Failed(error.ToTransportError());
        return true;
    }

    public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer)
    {
        if (_isFull)
        {
            return SendWhenRoomAsync(buffer);
        }

        int sent;
        SocketError error;
        try
        {
            sent = _socket.Send(buffer.Span, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            return new(IoResult.Failed(TransportError.Aborted));
        }

        if (error == SocketError.Success)
        {
            _isFull = sent < buffer.Length;
            return new(IoResult.Moved(sent));
        }

        if (error == SocketError.WouldBlock)
        {
            return SendWhenRoomAsync(buffer);
        }

        _sendError = error;
        return new(IoResult.Failed(error.ToTransportError()));
    }

    public override ValueTask ShutdownSendAsync()
    {
        ShutdownSend();
        return default;
    }

    public override void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _ = LocalEndPoint; // logs tell both ends of a connection that was broken off
            _ = RemoteEndPoint;
            try
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A unix socket or a dead one: there is no reset to send.
            }

            Close();
        }
    }

    internal override void End()
    {
        if (_isHidden)
        {
            Abort();
            return;
        }

        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            if (IsWaitPending)
            {
                ShutdownSend(); // or the runtime, seeing a receive under way, closes with a reset that overtakes what we sent
            }

            Close();
        }
    }

    internal override bool TrySetMark(uint mark) => SocketMarks.TrySetMark(_socket, mark);

    internal override bool TrySetTypeOfService(byte value) => SocketMarks.TrySetTypeOfService(_socket, value);

    internal override bool TryKeepAlive(TcpKeepAliveOptions options) => SocketMarks.TryKeepAlive(_socket, options);

    internal override int ReadTcpInfo(Span<byte> info) => SocketMarks.ReadTcpInfo(_socket, info);

    internal override int TakeSavedPacket(Span<byte> packet) => SocketMarks.TakeSavedPacket(_socket, packet);

    internal override void HideAbort(byte? hops)
    {
        if (hops is not null || !SocketMarks.TryVanish(_socket))
        {
            SocketMarks.TrySetHops(_socket, hops ?? 1);
        }

        _isHidden = true;
    }

    /// <summary>What broke the connection, if a wait or a send met it first: the system tells an error once, and a receive after that reads
    /// as an orderly end. EPIPE (<see cref="SocketError.Shutdown"/>) is none: there the end came first.</summary>
    private TransportError Failure
    {
        get
        {
            var error = _dataSignal.SocketError;
            error = error == SocketError.Success ? _sendError : error;
            error = error == SocketError.Success && _sender is { } sender ? sender.SocketError : error;
            return error == SocketError.Shutdown ? TransportError.None : error.ToTransportError();
        }
    }

    protected override bool StartWait() => _dataSignal.Start(_socket);

    protected override void Dispose(bool disposing) => End();

    private void Close()
    {
        _socket.Dispose();
        _dataSignal.Dispose();
        _sender?.Dispose();
    }

    private void ShutdownSend()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is gone already; the next receive says so.
        }
    }

    private ValueTask<IoResult> SendWhenRoomAsync(ReadOnlyMemory<byte> buffer)
    {
        _isFull = false;
        return (_sender ??= new SocketSender()).SendSomeAsync(_socket, buffer);
    }

    private EndPoint? ReadEndPoint(Func<Socket, EndPoint?> read)
    {
        try
        {
            return read(_socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>The socket engine's word that something arrived: a receive of nothing, which completes when there is something.</summary>
    private sealed class DataSignal(SocketConnection connection) : SocketAsyncEventArgs(true /* no execution context: a connection flows none */)
    {
        public bool Start(Socket socket)
        {
            try
            {
                return socket.ReceiveAsync(this);
            }
            catch (ObjectDisposedException)
            {
                return false; // the receive that follows says Aborted
            }
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => connection.SignalData();
    }
}

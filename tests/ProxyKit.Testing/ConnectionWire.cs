using System.Net.Sockets;
using ProxyKit.Transport;

namespace ProxyKit.Testing;

/// <summary>A connection of ours as a stream that throws what a socket's stream would.</summary>
internal sealed class ConnectionWire(Connection connection) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static Wire Over(Connection connection) =>
        new(new ConnectionWire(connection), () => connection.ShutdownSendAsync().AsTask().Wait(), connection.Abort);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (cancellationToken.UnsafeRegister(static c => ((Connection)c!).CancelWait(), connection))
        {
            var result = await connection.ReceiveAsync(buffer);
            cancellationToken.ThrowIfCancellationRequested();
            return result.HasError ? throw Failure(result.Error) : result.Bytes;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (cancellationToken.UnsafeRegister(static c => ((Connection)c!).Abort(), connection))
        {
            var result = await connection.SendAsync(buffer);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.HasError)
            {
                throw Failure(result.Error);
            }
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        connection.Dispose();
        base.Dispose(disposing);
    }

    private static IOException Failure(TransportError error) =>
        new($"The connection failed: {error}.", new SocketException((int)(error switch
        {
            TransportError.Reset => SocketError.ConnectionReset,
            TransportError.TimedOut => SocketError.TimedOut,
            _ => SocketError.OperationAborted,
        })));
}

using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>
/// An encrypted connection: <see cref="SslStream"/> over any other. A wait is one on the inner connection, for a whole record, so that
/// while nothing arrives nothing is held; the record is then decrypted into a rented buffer, until it is received.
/// </summary>
/// <remarks>
/// The end of the stream is reported whether or not the peer announced it with close_notify: too many do not, and the framing of
/// HTTP notices what was cut off. An end in the middle of a record is a <see cref="TransportError.Reset"/>.
/// <para>Invariant: whoever touches the SslStream or the rented buffer holds a use (<see cref="TryEnter"/>); the connection itself holds
/// one until it is aborted or disposed, and the last one out frees both. So closing is safe at any moment, and what is pending
/// ends through the inner connection, which closing closes first.</para>
/// </remarks>
internal sealed class TlsConnection : Connection
{
    /// <summary>How much SslStream takes at a time: more in one write would only hide from the sender that a slow peer moves.</summary>
    private const int MostPerWrite = 32 * 1024;

    private readonly Connection _inner;
    private readonly ConnectionStream _stream;
    private readonly SslStream _ssl;
    private byte[]? _decrypted; // rented from the first byte that arrives to the last that is received
    private int _start, _end;
    private TransportError _receiveError;
    private bool _hasEnded, _sendEnded;
    private int _uses = 1;
    private int _closed;

    /// <summary>Takes over a finished handshake, and both layers with it.</summary>
    public TlsConnection(Connection inner, ConnectionStream stream, SslStream ssl)
    {
        _inner = inner;
        _stream = stream;
        _ssl = ssl;
        ServerName = ssl.TargetHostName is { Length: > 0 } name ? name : null;
        Protocol = ssl.SslProtocol;
        CipherSuite = ssl.NegotiatedCipherSuite;
        ApplicationProtocol = ssl.NegotiatedApplicationProtocol;
        LocalCertificate = ssl.LocalCertificate as X509Certificate2; // taken now, they outlast the connection: log lines ask for them
        ServerCertificate = ssl.IsServer ? null : ssl.RemoteCertificate as X509Certificate2;
    }

    public override EndPoint? LocalEndPoint => _inner.LocalEndPoint;

    public override EndPoint? RemoteEndPoint => _inner.RemoteEndPoint;

    internal override EndPoint? Destination
    {
        get => _inner.Destination;
        set => _inner.Destination = value;
    }

    internal override bool TrySetMark(uint mark) => _inner.TrySetMark(mark);

    internal override bool TrySetTypeOfService(byte value) => _inner.TrySetTypeOfService(value);

    internal override int ReadTcpInfo(Span<byte> info) => _inner.ReadTcpInfo(info);

    internal override int TakeSavedPacket(Span<byte> packet) => _inner.TakeSavedPacket(packet);

    internal override void HideAbort(byte? hops) => _inner.HideAbort(hops);

    public override bool IsSecure => true;

    /// <summary>The name that the client asked for (SNI); on a connection to a server, the name it was asked for.</summary>
    internal string? ServerName { get; }

    /// <summary>The version of TLS agreed upon.</summary>
    internal SslProtocols Protocol { get; }

    /// <summary>The cipher suite agreed upon.</summary>
    internal TlsCipherSuite CipherSuite { get; }

    /// <summary>What ALPN agreed upon; empty when nothing.</summary>
    internal SslApplicationProtocol ApplicationProtocol { get; }

    /// <summary>The certificate that we showed; null where we showed none.</summary>
    internal X509Certificate2? LocalCertificate { get; }

    /// <summary>The certificate that the server showed; null on a connection from a client.</summary>
    internal X509Certificate2? ServerCertificate { get; }

    /// <summary>The certificates that the server sent, its own first, one behind the other as DER; empty where nobody asks for them, and on a connection
    /// from a client.</summary>
    internal byte[] ServerChain { get; set; } = [];

    /// <summary>The certificate that the client showed, in this handshake or in the one whose session it took up; null where it showed none, and on a
    /// connection to a server.</summary>
    internal ClientCertificate? ClientCertificate { get; set; }

    /// <summary>The file of the certificate that we showed; null on a connection to a server.</summary>
    internal string? CertificateName { get; set; }

    /// <summary>What was kept of the client's hello; null where nothing was to be, and on a connection to a server.</summary>
    internal HelloCapture? Hello { get; set; }

    /// <summary>Whether the client took up an earlier session.</summary>
    internal bool IsResumed => _stream.IsResumed;

    public override bool TryReceive(Span<byte> buffer, out IoResult result)
    {
        result = default;
        if (!DataExpected)
        {
            return false;
        }

        if (!TryEnter())
        {
            result = IoResult.Failed(TransportError.Aborted);
            return true;
        }

        var has = TryTake(buffer, out result);
        Exit();
        return has;
    }

    public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer)
    {
        if (_sendEnded || !TryEnter())
        {
            return new(IoResult.Failed(_sendEnded ? TransportError.Reset : TransportError.Aborted)); // as a socket that was shut down
        }

        buffer = buffer[..Math.Min(buffer.Length, MostPerWrite)];
        var write = _ssl.WriteAsync(buffer);
        if (!write.IsCompletedSuccessfully)
        {
            return SendSlowAsync(write, buffer.Length);
        }

        var result = Sent(buffer.Length);
        Exit();
        return new(result);
    }

    public override async ValueTask ShutdownSendAsync()
    {
        if (_sendEnded || !TryEnter())
        {
            return;
        }

        _sendEnded = true;
        try
        {
            await _ssl.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            // Nothing can be said any more: what arrived last was no TLS, or the peer is gone. The next receive tells.
        }
        finally
        {
            Exit();
        }

        await _inner.ShutdownSendAsync().ConfigureAwait(false);
    }

    public override void Abort()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _inner.Abort();
            Exit();
        }
    }

    internal override void End() => Dispose(true);

    protected override bool StartWait()
    {
        if (Volatile.Read(ref _end) != 0 || _hasEnded || _receiveError != TransportError.None || !TryEnter())
        {
            return false; // the receive that follows has something to say
        }

        return HasReadPending();
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _inner.Dispose();
            Exit();
        }
    }

    /// <summary>Waits until a whole record is there, and then reads it.</summary>
    /// <returns>True when something is pending that will go on; false when there is something to receive, and the use given back.</returns>
    private bool HasReadPending()
    {
        while (!_stream.HasRecord)
        {
            if (_inner.TryStartWait(static connection => ((TlsConnection)connection!).OnWaitEnded(), this))
            {
                return true;
            }

            _stream.EndWait(arrived: true);
        }

        _decrypted = _stream.Pool.RentHead(); // holds what any record decrypts to: RFC 8446 §5.1
        return IsReadPending(_ssl.ReadAsync(_decrypted));
    }

    private void OnWaitEnded()
    {
        _stream.EndWait(_inner.EndWait());
        if (!HasReadPending())
        {
            SignalData();
        }
    }

    /// <summary>Finishes a read, which is complete by now unless the record was none with data: a session ticket, or a new key.</summary>
    /// <returns>As <see cref="HasReadPending"/>.</returns>
    private bool IsReadPending(ValueTask<int> read)
    {
        if (!read.IsCompleted)
        {
            _ = FinishLateAsync(read);
            return true;
        }

        try
        {
            FinishRead(read.Result);
        }
        catch (IOException)
        {
            FailRead();
        }

        Exit();
        return false;
    }

    private async Task FinishLateAsync(ValueTask<int> read)
    {
        try
        {
            FinishRead(await read.ConfigureAwait(false));
        }
        catch (IOException)
        {
            FailRead();
        }

        Exit();
        SignalData();
    }

    /// <summary>Either the connection broke inside a record, or what arrived is not what the peer encrypted.</summary>
    private void FailRead()
    {
        FinishRead(0);
        if (_hasEnded)
        {
            _hasEnded = false;
            _receiveError = _stream.HasEnded ? TransportError.Reset : TransportError.Other;
        }
    }

    private void FinishRead(int bytes)
    {
        Volatile.Write(ref _end, bytes); // last: an owner who was told by a watcher may look without a wait between
        if (bytes == 0)
        {
            ReturnBuffer();
            _receiveError = _stream.ReceiveError;
            _hasEnded = _receiveError == TransportError.None;
        }
    }

    private bool TryTake(Span<byte> buffer, out IoResult result)
    {
        if (Volatile.Read(ref _end) != 0)
        {
            var bytes = Math.Min(buffer.Length, _end - _start);
            _decrypted.AsSpan(_start, bytes).CopyTo(buffer);
            _start += bytes;
            result = IoResult.Moved(bytes);
            if (_start == _end)
            {
                ReturnBuffer();
                DataExpected = false; // the next wait finds out, and a record that is there ends it at once
            }

            return true;
        }

        result = IoResult.Failed(_receiveError);
        DataExpected = _hasEnded || _receiveError != TransportError.None;
        return DataExpected;
    }

    private async ValueTask<IoResult> SendSlowAsync(ValueTask write, int bytes)
    {
        try
        {
            await write.ConfigureAwait(false);
            return Sent(bytes);
        }
        catch (IOException)
        {
            return IoResult.Failed(_stream.SendError == TransportError.None ? TransportError.Other : _stream.SendError);
        }
        finally
        {
            Exit();
        }
    }

    private IoResult Sent(int bytes) =>
        _stream.SendError == TransportError.None ? IoResult.Moved(bytes) : IoResult.Failed(_stream.SendError);

    private bool TryEnter()
    {
        var uses = Volatile.Read(ref _closed) == 0 ? Volatile.Read(ref _uses) : 0;
        while (uses != 0)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _ssl.Dispose();
            _stream.ReturnBuffer();
            ReturnBuffer();
        }
    }

    private void ReturnBuffer()
    {
        if (_decrypted is { } buffer)
        {
            _decrypted = null;
            _start = _end = 0;
            _stream.Pool.Return(buffer);
        }
    }
}

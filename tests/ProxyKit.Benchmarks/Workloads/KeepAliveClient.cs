using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>One connection that stays, with one request at a time on it; it blocks, and allocates nothing once open.</summary>
internal sealed class KeepAliveClient : IDisposable
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes($"GET /100 HTTP/1.1\r\nHost: {Certificate.HostName}\r\n\r\n");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[2048];
    private readonly SslStream? _tls;
    private int _received;

    public KeepAliveClient(ProxySetup setup)
    {
        _socket.ReceiveTimeout = _socket.SendTimeout = 10_000;
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, setup.Port));
        if (!setup.Shape.IsTls)
            return;
        _tls = new SslStream(new NetworkStream(_socket), leaveInnerStreamOpen: false);
        _tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = Certificate.HostName,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
                certificate?.Subject.Contains(Certificate.HostName, StringComparison.Ordinal) is true,
        });
    }

    public int FileDescriptor => (int)_socket.Handle;

    public void Exchange()
    {
        Send();
        while (!Receive())
        {
        }
    }

    public void Send()
    {
        if (_tls is null)
            _socket.Send(Request);
        else
            _tls.Write(Request);
    }

    /// <summary>Takes in what has come, or waits for something to come.</summary>
    /// <returns>Whether the answer is complete.</returns>
    /// <exception cref="IOException">The connection was closed, or the answer is none of 200.</exception>
    public bool Receive()
    {
        var room = _answer.AsSpan(_received);
        var count = _tls is null ? _socket.Receive(room) : _tls.Read(room);
        if (count == 0)
            throw new IOException("The proxy closed a connection that was to stay.");
        _received += count;

        var answer = _answer.AsSpan(0, _received);
        var headLength = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4 || _received < headLength + BodyLength(answer[..headLength]))
            return false;
        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new IOException($"The proxy answered {Encoding.ASCII.GetString(answer[..headLength])}");
        _received = 0;
        return true;
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        // Of the heads that come here Content-Length is the one header that ends so, in whatever case the proxy writes it.
        var value = head[(head.IndexOf("ength: "u8) + "ength: ".Length)..];
        return int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}

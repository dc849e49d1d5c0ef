using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ProxyKit.Transport;

namespace ProxyKit.Testing;

/// <summary>A client that says exactly what the test writes and hears exactly what comes back.</summary>
public sealed class WireClient : IAsyncDisposable
{
    private WireClient(Wire wire, EndPoint? local)
    {
        Wire = wire;
        LocalEndPoint = local;
    }

    /// <summary>The stream underneath, for what this class has no word for.</summary>
    public Wire Wire { get; }

    /// <summary>The address that the other side sees.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>Connects a socket: to an IP address or a unix socket.</summary>
    public static async Task<WireClient> ConnectAsync(EndPoint endPoint, IPEndPoint? from = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(from);
        }

        using var patience = new CancellationTokenSource(Patience.Limit);
        await socket.ConnectAsync(endPoint, patience.Token);
        return new WireClient(Wire.Over(socket), socket.LocalEndPoint);
    }

    /// <summary>Connects to a port of this machine.</summary>
    public static Task<WireClient> ConnectAsync(int port) => ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Connects through a transport, such as one in memory.</summary>
    public static async Task<WireClient> ConnectAsync(ITransport transport, EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(transport);
        using var patience = new CancellationTokenSource(Patience.Limit);
        var result = await transport.ConnectAsync(new ConnectOptions { EndPoint = endPoint }, patience.Token);
        var connection = result.Connection ?? throw new IOException($"Cannot connect to {endPoint}: {result.Error}");
        return new WireClient(ConnectionWire.Over(connection), connection.LocalEndPoint);
    }

    /// <summary>Connects with TLS, to any certificate unless the options say otherwise.</summary>
    public static async Task<WireClient> ConnectTlsAsync(EndPoint endPoint, SslClientAuthenticationOptions? options = null) =>
        await (await ConnectAsync(endPoint)).SecureAsync(options);

    /// <summary>Encrypts from here on, with any certificate unless the options say otherwise. What this one sends itself from then on, such as
    /// its end, goes past the encryption.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "Tests that care about the certificate pass options of their own.")]
    public async Task<WireClient> SecureAsync(SslClientAuthenticationOptions? options = null)
    {
        var secure = await Wire.SecureAsync(options ?? new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        });
        return new WireClient(secure, LocalEndPoint);
    }

    /// <summary>Sends lines, joined by CRLF. None follows the last, which is the body: a head alone ends with two empty lines.</summary>
    public Task SendAsync(params string[] lines) => Wire.SendAsync(Wire.Text(lines));

    /// <summary>Sends text as it is.</summary>
    public Task SendRawAsync(string text) => Wire.SendAsync(text);

    /// <summary>Sends bytes as they are.</summary>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => Wire.SendAsync(bytes);

    /// <summary>Reads exactly as many bytes as the lines have, joined by CRLF with none after the last, and compares.</summary>
    public Task ExpectAsync(params string[] lines) => Wire.ExpectAsync(Wire.Text(lines));

    /// <summary>Reads a response: head, and body by its framing.</summary>
    /// <param name="method">The request's method: the answer to HEAD has no body.</param>
    public async Task<WireMessage> ReadResponseAsync(string method = "GET")
    {
        var response = await WireMessage.ReadHeadAsync(Wire) ?? throw new IOException("The stream ended instead of a response.");
        await response.ReadResponseBodyAsync(Wire, method);
        return response;
    }

    /// <summary>Expects an orderly end, and nothing before it.</summary>
    public Task ExpectClosedAsync() => Wire.ExpectClosedAsync();

    /// <summary>Expects a reset; what came before it is read over.</summary>
    public Task ExpectResetAsync() => Wire.ExpectResetAsync();

    /// <summary>Says that nothing more will be sent; the answer can still be read.</summary>
    public void ShutdownSend() => Wire.ShutdownSend();

    /// <summary>Breaks the connection off with a reset.</summary>
    public void Reset() => Wire.Reset();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Wire.DisposeAsync();
}

namespace ProxyKit.Testing;

/// <summary>A request that reached a <see cref="WireOrigin"/>, and the ways to answer it.</summary>
public sealed class WireExchange
{
    private Task? _body;

    internal WireExchange(Wire wire, WireMessage request, int connectionNumber, int requestNumber)
    {
        Wire = wire;
        Request = request;
        ConnectionNumber = connectionNumber;
        RequestNumber = requestNumber;
    }

    /// <summary>The stream underneath: for tunnels, and for what this class has no word for.</summary>
    public Wire Wire { get; }

    /// <summary>The request. Its body is there once it was read: before the script runs, unless the origin answers early.</summary>
    public WireMessage Request { get; }

    /// <summary>Which of the origin's connections it came on, from 1.</summary>
    public int ConnectionNumber { get; }

    /// <summary>Which request of its connection it is, from 1.</summary>
    public int RequestNumber { get; }

    internal bool IsClosed { get; private set; }

    /// <summary>Sends lines, joined by CRLF with none after the last. May be called more than once, for an answer in pieces.</summary>
    public Task AnswerAsync(params string[] lines) => Wire.SendAsync(Wire.Text(lines));

    /// <summary>Sends text as it is.</summary>
    public Task AnswerRawAsync(string text) => Wire.SendAsync(text);

    /// <summary>Sends bytes as they are.</summary>
    public Task AnswerRawAsync(ReadOnlyMemory<byte> bytes) => Wire.SendAsync(bytes);

    /// <summary>Sends 200 with this body and its length.</summary>
    public Task AnswerOkAsync(string body = "ok") =>
        AnswerAsync("HTTP/1.1 200 OK", $"Content-Length: {body?.Length ?? 0}", "", body ?? "");

    /// <summary>Reads the rest of the request, where the origin answers early.</summary>
    public async Task<byte[]> ReadBodyAsync()
    {
        await (_body ??= Request.ReadRequestBodyAsync(Wire));
        return Request.Body;
    }

    /// <summary>Closes the connection in order, once the script has returned.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Breaks the connection off with a reset.</summary>
    public void Abort()
    {
        IsClosed = true;
        Wire.Reset();
    }
}

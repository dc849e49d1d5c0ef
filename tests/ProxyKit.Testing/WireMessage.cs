using System.Globalization;
using System.Text;

namespace ProxyKit.Testing;

/// <summary>A request or response as it was read off the wire.</summary>
public sealed class WireMessage
{
    private WireMessage(string head)
    {
        Head = head;
        var lines = head.Split("\r\n")[..^2];
        StartLine = lines[0];
        Headers = [.. lines[1..].Select(ToHeader)];
    }

    /// <summary>The head, raw, with the empty line that ends it.</summary>
    public string Head { get; }

    /// <summary>The request line or status line.</summary>
    public string StartLine { get; }

    /// <summary>The header lines in their order, values without the space around them.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The status code of a response.</summary>
    public int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The method of a request.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>The target of a request; empty for what is no request of HTTP.</summary>
    public string Target => StartLine.Split(' ') is [_, var target, ..] ? target : "";

    /// <summary>The body, without the framing of chunks.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>The body as it travelled: with chunk sizes and trailers, if it was chunked.</summary>
    public byte[] RawBody { get; private set; } = [];

    /// <summary>The header lines after a chunked body.</summary>
    public IReadOnlyList<(string Name, string Value)> Trailers { get; private set; } = [];

    /// <summary>The body as text (Latin 1).</summary>
    public string Text => Encoding.Latin1.GetString(Body);

    /// <summary>The values of a header, joined by ", "; null when it is not there.</summary>
    public string? this[string name] =>
        Headers.Where(header => Is(header, name)).Select(header => header.Value).ToList() is { Count: > 0 } values
            ? string.Join(", ", values)
            : null;

    /// <summary>The whole message, raw.</summary>
    public override string ToString() => Head + Encoding.Latin1.GetString(RawBody);

    /// <summary>Reads a head; null when the stream ends before it.</summary>
    internal static async Task<WireMessage?> ReadHeadAsync(Wire wire, bool mayIdle = false) =>
        await wire.ReadHeadAsync(mayIdle) is { } head ? new WireMessage(head) : null;

    /// <summary>Reads the body of a request.</summary>
    internal async Task ReadRequestBodyAsync(Wire wire)
    {
        if (HasToken("Transfer-Encoding", "chunked"))
        {
            await ReadChunksAsync(wire);
        }
        else if (this["Content-Length"] is { } length)
        {
            RawBody = Body = await wire.ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Reads the body of the response to a request with <paramref name="method"/>.</summary>
    internal async Task ReadResponseBodyAsync(Wire wire, string method)
    {
        if (method == "HEAD" || Status is < 200 or 204 or 304 || (method == "CONNECT" && Status < 300))
        {
            return;
        }

        if (this["Content-Length"] is not null || this["Transfer-Encoding"] is not null)
        {
            await ReadRequestBodyAsync(wire);
        }
        else
        {
            RawBody = Body = await wire.ReadToEndAsync();
        }
    }

    private static bool Is((string Name, string Value) header, string name) => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static (string Name, string Value) ToHeader(string line) =>
        line.Split(':', 2) is [var name, var value] ? (name, value.Trim(' ', '\t')) : (line, "");

    private bool HasToken(string name, string token) =>
        this[name]?.Split(',', StringSplitOptions.TrimEntries).Contains(token, StringComparer.OrdinalIgnoreCase) == true;

    private async Task ReadChunksAsync(Wire wire)
    {
        using var raw = new MemoryStream();
        using var body = new MemoryStream();
        int size;
        do
        {
            var line = await wire.ReadLineAsync();
            size = int.Parse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            raw.Write(Encoding.Latin1.GetBytes(line + "\r\n"));
            if (size > 0)
            {
                var chunk = await wire.ReadExactlyAsync(size + 2);
                raw.Write(chunk);
                body.Write(chunk, 0, size);
            }
        }
        while (size > 0);

        var trailers = new List<(string Name, string Value)>();
        string trailer;
        while ((trailer = await wire.ReadLineAsync()).Length > 0)
        {
            raw.Write(Encoding.Latin1.GetBytes(trailer + "\r\n"));
            trailers.Add(ToHeader(trailer));
        }

        raw.Write("\r\n"u8);
        (Body, RawBody, Trailers) = (body.ToArray(), raw.ToArray(), trailers);
    }
}

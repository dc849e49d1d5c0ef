using System.Net;
using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules.Explaining;

/// <summary>A request as somebody describes it, to have its way explained. <see cref="Parse"/> makes one of a line such as
/// <c>GET https://shop.example/cart?id=1</c>.</summary>
public sealed class ExampleRequest
{
    /// <summary>The method. GET by default.</summary>
    public string Method { get; set; } = "GET";

    /// <summary>The target as it stands in the request line: <c>/cart?id=1</c>, an absolute URI, an authority (CONNECT) or <c>*</c>. It is sent
    /// as it is; what is not ASCII as UTF-8.</summary>
    public string Target { get; set; } = "/";

    /// <summary>The version that the client speaks. HTTP/1.1 by default.</summary>
    public HttpProtocol Protocol { get; set; } = HttpProtocol.Http11;

    /// <summary>The header fields, in their order. A Content-Length is added where there is a body and nothing says its length.</summary>
    public IList<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>The body.</summary>
    /// <value>Null, the default, for one that is not known: rules that wait for it can only say so. It is known to be empty where the fields announce
    /// none.</value>
    public ReadOnlyMemory<byte>? Body { get; set; }

    /// <summary>Where the client is.</summary>
    /// <value>127.0.0.1 by default; null for a client on a unix socket.</value>
    public EndPoint? Source { get; set; } = new IPEndPoint(IPAddress.Loopback, 49152);

    /// <summary>The port that the client connects to, by which its frontend is found.</summary>
    /// <value>Null, the default, for any.</value>
    public int? Port { get; set; }

    /// <summary>Whether the client speaks TLS.</summary>
    /// <value>Null, the default, for what the bind says.</value>
    public bool? IsSecure { get; set; }

    /// <summary>The name that the client's TLS asks for (SNI).</summary>
    /// <value>Null by default; a client that is known to speak TLS then asks for none.</value>
    public string? ServerName { get; set; }

    /// <summary>The frontend that the client comes to.</summary>
    /// <value>Null, the default, for the first that listens on <see cref="Port"/>; the first of all where that says nothing.</value>
    public string? Frontend { get; set; }

    /// <summary>Reads a request from a line.</summary>
    /// <param name="text">A method, which may be left out for GET, and a URL: <c>POST http://api.example:8080/orders</c>. The URL gives the Host
    /// field, the port, whether the client speaks TLS, and the name it asks for. What begins with a slash is a target without a host.</param>
    /// <returns>The request, to be completed.</returns>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ExampleRequest Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [var url] => Of("GET", url),
            [var method, var url] => Of(method, url),
            [] => throw new FormatException("a request is a method and a URL, as in 'GET http://shop.example/cart'"),
            _ => throw new FormatException($"'{Shown.Text(text)}' has more than a method and a URL; a space within the URL is written %20"),
        };
    }

    /// <summary>The request as it stands on the wire.</summary>
    /// <exception cref="FormatException">Something of it would end its line.</exception>
    internal byte[] ToBytes()
    {
        var head = new StringBuilder();
        head.Append(OneLine(Method)).Append(' ').Append(OneLine(Target)).Append(Protocol == HttpProtocol.Http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        var saysLength = false;
        foreach (var (name, value) in Headers)
        {
            head.Append(OneLine(name)).Append(": ").Append(OneLine(value)).Append("\r\n");
            saysLength |= name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);
        }

        if (Body is { } body && !saysLength)
        {
            head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }

    private static ExampleRequest Of(string method, string url)
    {
        if (url[0] is '/' or '*')
        {
            return new ExampleRequest { Method = method, Target = WithoutFragment(url) };
        }

        var isSecure = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        var rest = isSecure ? url[8..] : url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? url[7..] : null;
        if (rest is null && method == "CONNECT")
        {
            return new ExampleRequest { Method = method, Target = url, Headers = { new("Host", url) } };
        }

        if (rest is null)
        {
            throw new FormatException($"'{Shown.Text(url)}' is no URL of http:// or https://, and no path");
        }

        var end = rest.AsSpan().IndexOfAny("/?#");
        var authority = end < 0 ? rest : rest[..end];
        var target = WithoutFragment(end < 0 ? "" : rest[end..]);
        var (host, port) = Divide(authority);
        return new ExampleRequest
        {
            Method = method,
            Target = target.StartsWith('/') ? target : "/" + target,
            Headers = { new("Host", authority) },
            IsSecure = isSecure,
            Port = port ?? (isSecure ? 443 : 80),
            ServerName = isSecure && !IPAddress.TryParse(host, out _) ? host : null, // RFC 6066 §3: addresses are not asked for
        };
    }

    private static (string Host, int? Port) Divide(string authority)
    {
        var colon = authority.LastIndexOf(':');
        var host = colon > authority.LastIndexOf(']') ? authority[..colon] : authority;
        if (host.Length == 0 || host.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException($"'{Shown.Text(authority)}' is no host with or without a port");
        }

        if (host.Length == authority.Length)
        {
            return (host, null);
        }

        return ushort.TryParse(authority.AsSpan(colon + 1), out var port) && port > 0
            ? (host, port)
            : throw new FormatException($"'{Shown.Text(authority[(colon + 1)..])}' is no port");
    }

    /// <summary>Clients keep it to themselves.</summary>
    private static string WithoutFragment(string target)
    {
        var hash = target.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? target : target[..hash];
    }

    private static string OneLine(string text) => text.AsSpan().ContainsAny('\r', '\n')
        ? throw new FormatException($"'{Shown.Text(text)}' has a line end in it")
        : text;
}

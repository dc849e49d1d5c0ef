using System.Text;

namespace ProxyKit.Http;

/// <summary>The methods that ProxyKit itself knows the meaning of; every other token passes as <see cref="Other"/>.</summary>
public enum HttpMethod
{
    /// <summary>A method not listed here.</summary>
    Other,

    /// <summary>GET.</summary>
    Get,

    /// <summary>HEAD.</summary>
    Head,

    /// <summary>POST.</summary>
    Post,

    /// <summary>PUT.</summary>
    Put,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>OPTIONS.</summary>
    Options,

    /// <summary>CONNECT.</summary>
    Connect,

    /// <summary>TRACE.</summary>
    Trace,

    /// <summary>PATCH.</summary>
    Patch,
}

/// <summary>What the methods mean (RFC 9110 §9).</summary>
internal static class HttpMethods
{
    /// <summary>The method of a name; names are case-sensitive.</summary>
    public static HttpMethod Parse(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("GET"u8) => HttpMethod.Get,
        3 when name.SequenceEqual("PUT"u8) => HttpMethod.Put,
        4 when name.SequenceEqual("HEAD"u8) => HttpMethod.Head,
        4 when name.SequenceEqual("POST"u8) => HttpMethod.Post,
        5 when name.SequenceEqual("TRACE"u8) => HttpMethod.Trace,
        5 when name.SequenceEqual("PATCH"u8) => HttpMethod.Patch,
        6 when name.SequenceEqual("DELETE"u8) => HttpMethod.Delete,
        7 when name.SequenceEqual("OPTIONS"u8) => HttpMethod.Options,
        7 when name.SequenceEqual("CONNECT"u8) => HttpMethod.Connect,
        _ => HttpMethod.Other,
    };

    /// <summary>The method's name, without allocating where it is a known one.</summary>
    public static string Name(HttpMethod method, ReadOnlySpan<byte> bytes) => method switch
    {
        HttpMethod.Get => "GET",
        HttpMethod.Head => "HEAD",
        HttpMethod.Post => "POST",
        HttpMethod.Put => "PUT",
        HttpMethod.Delete => "DELETE",
        HttpMethod.Options => "OPTIONS",
        HttpMethod.Connect => "CONNECT",
        HttpMethod.Trace => "TRACE",
        HttpMethod.Patch => "PATCH",
        _ => Encoding.Latin1.GetString(bytes),
    };

    /// <summary>Whether doing it twice is the same as doing it once (RFC 9110 §9.2.2), so that it may be sent again after a failure
    /// that leaves open whether the server acted.</summary>
    public static bool IsIdempotent(this HttpMethod method) => method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Put
        or HttpMethod.Delete or HttpMethod.Options or HttpMethod.Trace;
}

using System.Text;

namespace ProxyKit.Http;

/// <summary>The methods that ProxyKit itself knows the meaning of; every other token passes as <see cref="Other"/>.</summary>
public enum RequestMethod
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
internal static class RequestMethods
{
    /// <summary>The method of a name; names are case-sensitive.</summary>
    public static RequestMethod Parse(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("GET"u8) => RequestMethod.Get,
        3 when name.SequenceEqual("PUT"u8) => RequestMethod.Put,
        4 when name.SequenceEqual("HEAD"u8) => RequestMethod.Head,
        4 when name.SequenceEqual("POST"u8) => RequestMethod.Post,
        5 when name.SequenceEqual("TRACE"u8) => RequestMethod.Trace,
        5 when name.SequenceEqual("PATCH"u8) => RequestMethod.Patch,
        6 when name.SequenceEqual("DELETE"u8) => RequestMethod.Delete,
        7 when name.SequenceEqual("OPTIONS"u8) => RequestMethod.Options,
        7 when name.SequenceEqual("CONNECT"u8) => RequestMethod.Connect,
        _ => RequestMethod.Other,
    };

    /// <summary>The method's name, without allocating where it is a known one.</summary>
    public static string Name(RequestMethod method, ReadOnlySpan<byte> bytes) => method switch
    {
        RequestMethod.Get => "GET",
        RequestMethod.Head => "HEAD",
        RequestMethod.Post => "POST",
        RequestMethod.Put => "PUT",
        RequestMethod.Delete => "DELETE",
        RequestMethod.Options => "OPTIONS",
        RequestMethod.Connect => "CONNECT",
        RequestMethod.Trace => "TRACE",
        RequestMethod.Patch => "PATCH",
        _ => Encoding.Latin1.GetString(bytes),
    };

    /// <summary>Whether doing it twice is the same as doing it once (RFC 9110 §9.2.2), so that it may be sent again after a failure
    /// that leaves open whether the server acted.</summary>
    public static bool IsIdempotent(this RequestMethod method) => method is RequestMethod.Get or RequestMethod.Head or RequestMethod.Put
        or RequestMethod.Delete or RequestMethod.Options or RequestMethod.Trace;
}

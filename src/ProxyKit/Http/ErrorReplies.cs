using System.Diagnostics;
using System.Text;

namespace ProxyKit.Http;

/// <summary>The replies that ProxyKit gives by itself, byte for byte those of HAProxy, ready to be sent.</summary>
/// <remarks>
/// HAProxy has two spellings of the same reply. One that a rule or the data path gives goes through its writer for responses, which
/// writes names in lower case and sees to the connection header: <see cref="For(int)"/>. One to a request that could not even be read is
/// the stored text as it stands: <see cref="ForUnreadable"/>.
/// </remarks>
internal static class ErrorReplies
{
    private const int First = 200, Last = 505;

    private static readonly Reply?[] Replies = Create(
        (200, "OK", "Service ready."),
        (400, "Bad request", "Your browser sent an invalid request."),
        (401, "Unauthorized", "You need a valid user and password to access this content."),
        (403, "Forbidden", "Request forbidden by administrative rules."),
        (404, "Not Found", "The resource could not be found."),
        (405, "Method Not Allowed",
            "A request was made of a resource using a request method not supported by that resource."),
        (407, "Unauthorized", "You need a valid user and password to access this content."),
        (408, "Request Time-out", "Your browser didn't send a complete request in time."),
        (410, "Gone", "The resource is no longer available and will not be available again."),
        (413, "Payload Too Large", "The request entity exceeds the maximum allowed."),
        (414, "URI Too Long", "The URI provided was too long for the server to process."),
        (421, "Misdirected Request", "Request sent to a non-authoritative server."),
        (422, "Unprocessable Content", "The server cannot process the contained instructions."),
        (425, "Too Early", "Your browser sent early data."),
        (429, "Too Many Requests", "You have sent too many requests in a given amount of time."),
        (431, "Request Header Fields Too Large", "Request Header Fields Too Large."),
        (500, "Internal Server Error", "An internal server error occurred."),
        (501, "Not Implemented", "The server does not support the functionality required to fulfill the request."),
        (502, "Bad Gateway", "The server returned an invalid or incomplete response."),
        (503, "Service Unavailable", "No server is available to handle this request."),
        (504, "Gateway Time-out", "The server didn't respond in time."),
        (505, "HTTP Version Not Supported", "The server does not support the HTTP version of the request.")); // ours; HAProxy has none

    /// <summary>The reply with a status, with its body and without a word on the connection.</summary>
    public static ReadOnlyMemory<byte> For(int status) => For(status, isHead: false, ConnectionOptions.None);

    /// <summary>The reply with a status.</summary>
    /// <param name="status">One of HAProxy's error codes; 500 stands in for any other.</param>
    /// <param name="isHead">Whether the request was a HEAD, so that the body stays away; its length is still told.</param>
    /// <param name="connection">Close or KeepAlive to say so, None to say nothing. 400 and 408 always say close.</param>
    public static ReadOnlyMemory<byte> For(int status, bool isHead, ConnectionOptions connection)
    {
        var reply = Find(status);
        var bytes = (connection & (ConnectionOptions.Close | ConnectionOptions.KeepAlive)) switch
        {
            ConnectionOptions.None => reply.Plain,
            ConnectionOptions.KeepAlive => reply.KeepAlive,
            _ => reply.Close,
        };
        return isHead ? bytes.AsMemory(0, bytes.Length - reply.BodyLength) : bytes;
    }

    /// <summary>The reply to a request that was refused before it was understood; the connection closes behind it. It has its body also
    /// where the method might have been HEAD.</summary>
    public static ReadOnlyMemory<byte> ForUnreadable(int status) => Find(status).Unreadable;

    /// <summary>Whether there is a reply with a status.</summary>
    public static bool Has(int status) => status is >= First and <= Last && Replies[status - First] is not null;

    private static Reply Find(int status)
    {
        Debug.Assert(Has(status), "a status that has no reply");
        return (Has(status) ? Replies[status - First] : Replies[500 - First]) ?? throw new UnreachableException();
    }

    private static Reply?[] Create(params ReadOnlySpan<(int Status, string Reason, string Text)> rows)
    {
        var replies = new Reply?[Last - First + 1];
        foreach (var (status, reason, text) in rows)
        {
            replies[status - First] = new Reply(status, reason, text);
        }

        return replies;
    }

    private sealed class Reply
    {
        public Reply(int status, string reason, string text)
        {
            var body = $"<html><body><h1>{status} {reason}</h1>\n{text}\n</body></html>\n";
            var alwaysCloses = status is 400 or 408;
            var line = $"HTTP/1.1 {status} {reason}\r\n";
            var fields = $"{line}content-length: {body.Length}\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n";
            BodyLength = body.Length;
            Close = Encoding.ASCII.GetBytes($"{fields}connection: close\r\n\r\n{body}");
            Plain = alwaysCloses ? Close : Encoding.ASCII.GetBytes($"{fields}\r\n{body}");
            KeepAlive = alwaysCloses ? Close : Encoding.ASCII.GetBytes($"{fields}connection: keep-alive\r\n\r\n{body}");
            Unreadable = Encoding.ASCII.GetBytes(
                $"{line}Content-length: {body.Length}\r\nCache-Control: no-cache\r\n{(alwaysCloses ? "Connection: close\r\n" : "")}"
                + $"Content-Type: text/html\r\n\r\n{body}");
        }

        public int BodyLength { get; }

        public byte[] Plain { get; }

        public byte[] Close { get; }

        public byte[] KeepAlive { get; }

        public byte[] Unreadable { get; }
    }
}

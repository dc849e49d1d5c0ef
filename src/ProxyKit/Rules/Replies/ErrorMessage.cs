using System.Globalization;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>Reads the files of error pages: whole messages, which must be such that any client reads them as we do.</summary>
internal static class ErrorMessage
{
    /// <summary>The most that a message may be. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</summary>
    public const int MaxLength = 16384 - 1024;

    /// <summary>Loads a file.</summary>
    /// <exception cref="RuleFaultException">It cannot be read, is too large, or is no message.</exception>
    public static LocalReply Load(int status, string path)
    {
        var bytes = ReadFile(path, MaxLength);
        return new RawReply(status, bytes.Length == 0 ? bytes : Normalize(bytes, path));
    }

    /// <summary>Reads a file for a reply.</summary>
    /// <exception cref="RuleFaultException">It cannot be read, or is too large.</exception>
    public static byte[] ReadFile(string path, int maxLength)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            var bytes = new byte[maxLength + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= maxLength ? bytes[..length] : throw new RuleFaultException($"file '{path}' exceeds the buffer size ({maxLength} bytes)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) // the path may be none
        {
            throw new RuleFaultException($"failed to read file '{path}': {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The message as we send it: of the version that it says, CRLF at the ends of lines, names in lower case, and the length that it tells is the
    /// body's. One that tells none ends with its connection, as HAProxy has it.</summary>
    /// <exception cref="RuleFaultException">It is no message.</exception>
    public static byte[] Normalize(byte[] message, string path)
    {
        var head = new ResponseHead();
        var parser = new ResponseHeadParser { MaxHeadBytes = message.Length };
        parser.Start(head, message, 0, RequestMethod.Get);
        var parsed = parser.Parse(message.Length);
        if (parsed.Status != ParseStatus.Complete)
        {
            throw new RuleFaultException($"file '{path}' is not an HTTP response: {parsed.Reason ?? "its head has no end"}");
        }

        if (head.Framing == BodyFraming.Chunked)
        {
            throw new RuleFaultException($"file '{path}' is not usable as a response: chunks are not supported");
        }

        var hasBody = head.Status is >= 200 and not 204 and not 304;
        if (head.IsInformational)
        {
            throw new RuleFaultException($"file '{path}' is not usable as a response: its status is informational");
        }

        var body = hasBody ? message.AsSpan(parsed.Consumed) : default;
        var writer = new ReplyWriter();
        writer.Begin(head.Status, head.ReasonBytes, head.Protocol);
        for (var i = 0; i < head.Headers.TableLength; i++)
        {
            if (head.Headers.IsRemovedAt(i))
            {
                continue;
            }

            var isLength = head.Headers.KnownAt(i) == KnownHeader.ContentLength;
            writer.Field(
                Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(head.Headers.NameAt(i)).ToLowerInvariant()),
                isLength ? Digits(body.Length) : head.Headers.ValueAt(i));
        }

        writer.Raw("\r\n"u8);
        writer.Raw(body);
        return writer.Written.ToArray();
    }

    private static byte[] Digits(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Tests.Http1;

namespace ProxyKit.Tests.Http;

public sealed class ErrorRepliesTests
{
    private const ConnectionOptions Nothing = ConnectionOptions.None, Close = ConnectionOptions.Close;

    public static TheoryData<int> Statuses =>
        [200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 421, 422, 425, 429, 431, 500, 501, 502, 503, 504, 505];

    [Fact]
    public void A_reply_of_the_data_path_has_the_bytes_of_haproxy()
    {
        const string Head = "HTTP/1.1 403 Forbidden\r\ncontent-length: 93\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n";
        const string Body = "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n";

        Assert.Equal($"{Head}\r\n{Body}", Text(ErrorReplies.For(403)));
        Assert.Equal($"{Head}connection: close\r\n\r\n{Body}", Text(ErrorReplies.For(403, isHead: false, Close)));
        Assert.Equal(
            $"{Head}connection: keep-alive\r\n\r\n{Body}",
            Text(ErrorReplies.For(403, isHead: false, ConnectionOptions.KeepAlive)));
        Assert.Equal($"{Head}\r\n", Text(ErrorReplies.For(403, isHead: true, Nothing)));
        Assert.Equal($"{Head}connection: close\r\n\r\n", Text(ErrorReplies.For(403, isHead: true, Close)));
    }

    [Fact]
    public void A_reply_to_what_cannot_be_read_has_the_bytes_of_haproxy()
    {
        Assert.Equal(
            "HTTP/1.1 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n"
            + "\r\n<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n",
            Text(ErrorReplies.ForUnreadable(400)));
        Assert.Equal(
            "HTTP/1.1 422 Unprocessable Content\r\nContent-length: 116\r\nCache-Control: no-cache\r\nContent-Type: text/html\r\n"
            + "\r\n<html><body><h1>422 Unprocessable Content</h1>\nThe server cannot process the contained instructions.\n</body></html>\n",
            Text(ErrorReplies.ForUnreadable(422)));
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_reply_is_a_response_with_the_length_of_its_body(int status)
    {
        Assert.True(ErrorReplies.Has(status));
        ReadOnlyMemory<byte>[] replies =
        [
            ErrorReplies.For(status), ErrorReplies.For(status, isHead: false, Close),
            ErrorReplies.For(status, isHead: false, ConnectionOptions.KeepAlive), ErrorReplies.ForUnreadable(status),
        ];
        foreach (var reply in replies)
        {
            var reading = ResponseReading.Accepted(Text(reply));

            Assert.Equal(status, reading.Head.Status);
            Assert.Equal((ulong)(reply.Length - reading.Head.Length), reading.Head.ContentLength);
            Assert.Equal("no-cache", reading.Head.Headers["cache-control"]);
            Assert.Equal("text/html", reading.Head.Headers["content-type"]);
            Assert.Contains($"<h1>{status.ToString(CultureInfo.InvariantCulture)} ", Text(reply), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    public void Two_replies_always_say_that_the_connection_closes(int status)
    {
        Assert.Equal(Text(ErrorReplies.For(status, isHead: false, Close)), Text(ErrorReplies.For(status)));
        Assert.Equal(
            Text(ErrorReplies.For(status, isHead: true, Close)),
            Text(ErrorReplies.For(status, isHead: true, ConnectionOptions.KeepAlive)));
    }

    [Fact]
    public void There_is_no_reply_with_another_status()
    {
        Assert.False(ErrorReplies.Has(0));
        Assert.False(ErrorReplies.Has(418));
        Assert.False(ErrorReplies.Has(506));
    }

    private static string Text(ReadOnlyMemory<byte> reply) => Encoding.Latin1.GetString(reply.Span);
}

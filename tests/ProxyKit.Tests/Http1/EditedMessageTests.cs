using System.Net;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Http1;

/// <summary>What goes over the wire where rules have edited what the framing of a message rests on.</summary>
public sealed class EditedMessageTests : IDisposable
{
    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly NotingConnection _connection = new();

    public void Dispose()
    {
        _connection.Dispose();
        _wheel.Dispose();
    }

    [Fact]
    public async Task A_request_that_drops_its_body_sends_none_of_it()
    {
        using var upstream = new Http1Upstream(_connection, BufferPool.Shared, _wheel);
        var request = new RequestHead();
        var parser = new RequestHeadParser();
        var bytes = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
        parser.Start(request, bytes, 0);
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes.Length).Status);
        request.DropsBody = true;

        await upstream.SendRequestAsync(request, Piece("GET /evil HTTP/1.1\r\n\r\n", isLast: false));
        await upstream.SendBodyAsync(Piece("more", isLast: true), "x: y\r\n"u8.ToArray());

        Assert.Equal("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", _connection.Sent);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", 0)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1 204 OK\r\nContent-Length: 4\r\n\r\n", 204)]
    [InlineData("GET", "HTTP/1.1 304 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 304)]
    public async Task A_response_that_can_have_no_body_sends_none(string method, string sent, int status)
    {
        var downstream = await ReceiveAsync(method);
        var response = Response(sent.Replace("204 OK", "200 OK", StringComparison.Ordinal).Replace("304 OK", "200 OK", StringComparison.Ordinal), RequestMethod.Get);
        if (status != 0)
        {
            response.RewriteStatus(status, "OK"u8.ToArray());
        }

        await downstream.SendResponseAsync(response, closes: false, Piece("ab", isLast: false), default);
        await downstream.SendBodyAsync(Piece("cd", isLast: true), "x: y\r\n"u8.ToArray());

        Assert.Equal(sent, _connection.Sent);
        downstream.Release();
    }

    [Fact]
    public async Task A_response_without_a_body_where_the_client_expects_one_tells_so()
    {
        var downstream = await ReceiveAsync("GET"); // which a rule has made a HEAD for the server

        await downstream.SendResponseAsync(
            Response("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", RequestMethod.Head), closes: false, BodySegment.Empty, default);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", _connection.Sent);
        downstream.Release();
    }

    [Fact]
    public async Task A_304_that_a_rule_makes_a_200_tells_that_it_is_empty()
    {
        var downstream = await ReceiveAsync("GET");
        var response = Response("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\nETag: x\r\n\r\n", RequestMethod.Get);
        response.RewriteStatus(200, "OK"u8.ToArray());

        await downstream.SendResponseAsync(response, closes: false, BodySegment.Empty, default);

        Assert.Equal("HTTP/1.1 200 OK\r\nETag: x\r\ncontent-length: 0\r\n\r\n", _connection.Sent);
        downstream.Release();
    }

    [Fact]
    public async Task A_connection_that_a_rule_closes_carries_no_other_request()
    {
        var downstream = await ReceiveAsync("GET");
        var request = new RequestHead();
        request.Reset([], 0);
        var response = Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", RequestMethod.Get);
        Assert.False(downstream.MustCloseAfter(request, response));
        response.Connection |= ConnectionOptions.ClosedByRule;
        Assert.True(downstream.MustCloseAfter(request, response));

        var informational = Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", RequestMethod.Get);
        informational.RewriteStatus(102, []);
        Assert.True(downstream.MustCloseAfter(request, informational));
        downstream.Release();
    }

    private static BodySegment Piece(string text, bool isLast) => new(Encoding.Latin1.GetBytes(text), 0, text.Length, isLast, 0, 0);

    private static ResponseHead Response(string text, RequestMethod method)
    {
        var head = new ResponseHead();
        var parser = new ResponseHeadParser();
        var bytes = Encoding.Latin1.GetBytes(text);
        parser.Start(head, bytes, 0, method);
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes.Length).Status);
        return head;
    }

    private async Task<Http1Downstream> ReceiveAsync(string method)
    {
        var downstream = new Http1Downstream(_connection, BufferPool.Shared, _wheel);
        _connection.Incoming = Encoding.Latin1.GetBytes($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        var received = await downstream.ReceiveRequestAsync(new RequestHead(), Deadline.Never);
        Assert.Equal(HeadStatus.Complete, received.Status);
        return downstream;
    }

    /// <summary>A connection that has one thing to say and notes what it is sent.</summary>
    private sealed class NotingConnection : Connection
    {
        private readonly StringBuilder _sent = new();

        public byte[] Incoming { get; set; } = [];

        public string Sent => _sent.ToString();

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override bool TryReceive(Span<byte> buffer, out IoResult result)
        {
            var bytes = Incoming.Length;
            Incoming.CopyTo(buffer);
            Incoming = [];
            result = IoResult.Moved(bytes);
            return bytes > 0;
        }

        public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer)
        {
            _sent.Append(Encoding.Latin1.GetString(buffer.Span));
            return new(IoResult.Moved(buffer.Length));
        }

        public override ValueTask ShutdownSendAsync() => default;

        public override void Abort()
        {
            // Nobody waits on it.
        }

        protected override bool StartWait() => false;

        protected override void Dispose(bool disposing)
        {
            // It holds nothing.
        }
    }
}

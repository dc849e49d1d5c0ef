using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

public sealed class ParserAllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Reading_and_writing_a_request_head_allocates_nothing()
    {
        var wire = Encoding.ASCII.GetBytes(
            "\r\nPOST /a?b HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, x\r\nExpect: 100-continue\r\nContent-Length: 3, 3\r\n"
            + "X: folded\r\n value\r\nUpgrade: x\r\n\r\nabc");
        var buffer = new byte[wire.Length];
        var destination = new byte[1024];
        var parser = new RequestHeadParser();
        var head = new RequestHead();

        AssertAllocatesNothing(() =>
        {
            wire.CopyTo(buffer, 0);
            parser.Start(head, buffer, 0);
            Assert.True(parser.Parse(30).Status == ParseStatus.Incomplete);
            Assert.True(parser.Parse(buffer.Length).Status == ParseStatus.Complete);
            head.Headers.RemoveAll(KnownHeader.Connection);
            head.Headers.Add("x-forwarded-for"u8, "::1"u8);
            Assert.True(Http1Writer.WriteHead(head, destination) > 0);
        });
    }

    [Fact]
    public void Reading_a_response_and_its_chunks_allocates_nothing()
    {
        var wire = Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\n\r\n");
        var buffer = new byte[wire.Length];
        var parser = new ResponseHeadParser();
        var head = new ResponseHead();
        var decoder = new ChunkedDecoder();

        AssertAllocatesNothing(() =>
        {
            wire.CopyTo(buffer, 0);
            parser.Start(head, buffer, 0, RequestMethod.Get);
            var read = parser.Parse(buffer.Length);
            Assert.True(read.Status == ParseStatus.Complete);
            decoder.Reset();
            Assert.True(decoder.Decode(buffer.AsSpan(read.Consumed), out _, out _, out var payload) == ChunkStatus.Done);
            Assert.True(payload == 4);
        });
    }

    [Fact]
    public void Refusing_a_request_allocates_nothing()
    {
        var wire = "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"u8.ToArray();
        var parser = new RequestHeadParser();
        var head = new RequestHead();

        AssertAllocatesNothing(() =>
        {
            parser.Start(head, wire, 0);
            Assert.True(parser.Parse(wire.Length).Refusal == 400);
        });
    }

    private static void AssertAllocatesNothing(Action action)
    {
        action(); // what is made once
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Rounds - 1); // less than a byte a round: the runtime's own
    }
}

using System.Text;

namespace ProxyKit.Conformance.Http;

public abstract class BodyTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15_000)]
    [InlineData(16_384)]
    [InlineData(70_001)]
    [InlineData(300_000)]
    public async Task Body_with_a_length_passes_byte_for_byte_both_ways(int length)
    {
        var bytes = Bytes(length);
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            await exchange.AnswerRawAsync(exchange.Request.Body);
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendRawAsync($"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
            await client.SendRawAsync(bytes);
            var response = await client.ReadResponseAsync();

            Assert.True(bytes.AsSpan().SequenceEqual(origin.Requests[i].Body), "the request's body");
            Assert.True(bytes.AsSpan().SequenceEqual(response.Body), "the response's body");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 7)]
    [InlineData(20_000, 3_000)]
    [InlineData(100_000, 40_000)]
    [InlineData(100_000, 100_000)]
    public async Task Chunked_body_passes_byte_for_byte_both_ways(int length, int chunk)
    {
        var bytes = Bytes(length);
        var chunked = Chunked(bytes, chunk);
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await exchange.AnswerRawAsync(chunked);
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendRawAsync("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            await client.SendRawAsync(chunked);
            var response = await client.ReadResponseAsync();

            Assert.True(bytes.AsSpan().SequenceEqual(origin.Requests[i].Body), "the request's body");
            Assert.True(bytes.AsSpan().SequenceEqual(response.Body), "the response's body");
        }
    }

    /// <summary>PT-02, as to trailers.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chunk_extensions_are_dropped_and_trailers_passed_on(bool inOnePiece)
    {
        const string Body = "3;name=value;q=\"a;b\"\r\nabc\r\n2\r\nde\r\n0;last\r\nX-Sum: 5\r\nx-more: of it\r\n\r\n";
        var origin = Origin(async exchange =>
        {
            const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n";
            await exchange.AnswerRawAsync(inOnePiece ? Head + Body : Head);
            if (!inOnePiece)
            {
                await exchange.AnswerRawAsync(Body);
            }
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        const string RequestHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        await client.SendRawAsync(inOnePiece ? RequestHead + Body : RequestHead);
        if (!inOnePiece)
        {
            await client.SendRawAsync(Body);
        }

        var response = await client.ReadResponseAsync();
        var request = origin.Requests[0];
        foreach (var message in new[] { request, response })
        {
            Assert.Equal("abcde", message.Text);
            Assert.Equal([("X-Sum", "5"), ("x-more", "of it")], message.Trailers);
            Assert.DoesNotContain(";", Encoding.Latin1.GetString(message.RawBody), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("HEAD", "200 OK", "5")]
    [InlineData("GET", "304 Not Modified", "5")]
    [InlineData("GET", "204 No Content", null)]
    public async Task Response_without_a_body_ends_with_its_head(string method, string status, string? lengthSeen)
    {
        var origin = OriginAnswering($"HTTP/1.1 {status}", "Content-Length: 5", "ETag: \"x\"", "", "");
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync($"{method} / HTTP/1.1", "Host: a", "", "");
            var response = await client.ReadResponseAsync(method);

            Assert.Equal(lengthSeen, response["Content-Length"]);
            Assert.Equal("\"x\"", response["ETag"]);
        }

        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Head_response_keeps_transfer_encoding_and_204_loses_it()
    {
        var origin = Origin(exchange => exchange.AnswerAsync(
            exchange.Request.Method == "HEAD" ? "HTTP/1.1 200 OK" : "HTTP/1.1 204 No Content", "Transfer-Encoding: chunked", "", ""));
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("HEAD / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "");
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 204 No Content", "", "");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(50_000)]
    public async Task Response_that_lasts_until_close_closes_the_client_too(int length)
    {
        var bytes = Bytes(length);
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n");
            await exchange.AnswerRawAsync(bytes);
            exchange.Close();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "X-A: b", "connection: close", "", "");
        Assert.Equal(bytes, await client.Wire.ReadToEndAsync());
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Chunked_response_is_decoded_for_a_client_of_http10()
    {
        await StartAsync(OriginAnswering("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "2", "de", "0", "X-T: y", "", ""));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.0", "Connection: keep-alive", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "connection: close", "", "abcde");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Chunked_response_of_http10_passes_as_chunks_and_closes_both_sides()
    {
        var origin = OriginAnswering("HTTP/1.0 200 OK", "Connection: keep-alive", "Transfer-Encoding: chunked", "", "2", "ok", "0", "", "");
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);
        await client.ExpectClosedAsync();
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Request_with_both_lengths_loses_its_length_and_smuggles_nothing()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

        var response = await client.ReadResponseAsync();
        Assert.Equal("close", response["Connection"]);
        Assert.Equal(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nconnection: close\r\n\r\n", Assert.Single(origin.Requests).Head);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Response_with_both_lengths_loses_its_length_and_closes_both_sides()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Content-Length: 40", "Transfer-Encoding: chunked", "", "2", "ok", "0", "", "");
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        var response = await client.ReadResponseAsync();
        Assert.Null(response["Content-Length"]);
        Assert.Equal("ok", response.Text);
        await client.ExpectClosedAsync();
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Request_body_of_get_is_forwarded()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "Content-Length: 3", "", "abc");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("abc", origin.Requests[0].Text);
    }

    [Fact]
    public async Task Slow_stream_is_delivered_piece_by_piece()
    {
        using var more = new Gate();
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await more.PassAsync();
                await exchange.AnswerRawAsync($"9\r\ndata: {i}\n\n\r\n");
            }

            await more.PassAsync();
            await exchange.AnswerRawAsync("0\r\n\r\n");
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET /events HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked", "", "");
        for (var i = 0; i < 3; i++)
        {
            more.Open();
            await ExpectChunksAsync(client, $"data: {i}\n\n");
        }

        more.Open();
        await client.ExpectAsync("0\r\n\r\n");
    }

    [Fact]
    public async Task Slow_upload_is_delivered_piece_by_piece()
    {
        using var heard = new Gate();
        var origin = Origin(
            async exchange =>
            {
                for (var i = 0; i < 3; i++)
                {
                    Assert.Equal($"part{i}", Encoding.Latin1.GetString(await exchange.Wire.ReadExactlyAsync(5)));
                    heard.Open();
                }

                await exchange.AnswerOkAsync();
                exchange.Close();
            },
            early: true);
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await client.SendRawAsync($"part{i}");
            await heard.PassAsync();
        }

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    internal static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    internal static byte[] Chunked(byte[] bytes, int size)
    {
        using var chunked = new MemoryStream();
        foreach (var chunk in bytes.Chunk(size))
        {
            chunked.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            chunked.Write(chunk);
            chunked.Write("\r\n"u8);
        }

        chunked.Write("0\r\n\r\n"u8);
        return chunked.ToArray();
    }

    /// <summary>Reads chunks until their payload is as long as what is expected.</summary>
    private static async Task ExpectChunksAsync(WireClient client, string payload)
    {
        var received = "";
        while (received.Length < payload.Length)
        {
            var size = Convert.ToInt32(await client.Wire.ReadLineAsync(), 16);
            received += Encoding.Latin1.GetString(await client.Wire.ReadExactlyAsync(size));
            await client.ExpectAsync("\r\n");
        }

        Assert.Equal(payload, received);
    }

    public sealed class OverSockets() : BodyTests(Carrier.Sockets);

    public sealed class InMemory() : BodyTests(Carrier.Memory);

    public sealed class InPieces() : BodyTests(Carrier.Pieces);
}

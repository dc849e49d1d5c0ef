using System.Net;
using System.Text;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using Xunit.Sdk;

namespace ProxyKit.Tests.Testing;

public sealed class WireTests
{
    [Fact]
    public async Task Client_and_origin_pass_text_as_it_is()
    {
        await using var origin = WireOrigin.Answering("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        await using var client = await WireClient.ConnectAsync(origin.EndPoint);

        await client.SendAsync("POST /a HTTP/1.1", "Host: a", "content-LENGTH: 3", "", "abc");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");

        var request = await origin.RequestAsync();
        Assert.Equal("POST /a HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 3\r\n\r\n", request.Head);
        Assert.Equal(("POST", "/a", "abc"), (request.Method, request.Target, request.Text));
        Assert.Equal("a", request["host"]);
        Assert.Equal((1, 1), (origin.Connections, origin.OpenConnections));
    }

    [Fact]
    public async Task Requests_of_one_connection_are_told_apart()
    {
        await using var origin = WireOrigin.Start(exchange =>
            exchange.AnswerOkAsync($"{exchange.ConnectionNumber}.{exchange.RequestNumber}"));
        await using var first = await WireClient.ConnectAsync(origin.Port);
        foreach (var expected in new[] { "1.1", "1.2" })
        {
            await first.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            Assert.Equal(expected, (await first.ReadResponseAsync()).Text);
        }

        await using var second = await WireClient.ConnectAsync(origin.Port);
        await second.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal("2.1", (await second.ReadResponseAsync()).Text);

        await origin.OpenConnectionsAsync(2);
        Assert.Equal(3, origin.Requests.Count);
    }

    [Fact]
    public async Task Response_is_read_by_its_framing()
    {
        await using var origin = WireOrigin.Start(async exchange =>
        {
            await exchange.AnswerAsync("HTTP/1.1 100 Continue", "", "");
            await exchange.AnswerAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3;x=y", "abc", "2", "de", "0", "T: 1", "", "");
            await exchange.AnswerAsync("HTTP/1.1 204 No Content", "", "");
            await exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 9", "", "");
            await exchange.AnswerAsync("HTTP/1.0 200 OK", "", "to the end");
            exchange.Close();
        });
        await using var client = await WireClient.ConnectAsync(origin.Port);
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(100, (await client.ReadResponseAsync()).Status);
        var chunked = await client.ReadResponseAsync();
        Assert.Equal(("abcde", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"), (chunked.Text, Encoding.Latin1.GetString(chunked.RawBody)));
        Assert.Equal([("T", "1")], chunked.Trailers);
        Assert.Equal("", (await client.ReadResponseAsync()).Text);
        Assert.Equal("", (await client.ReadResponseAsync("HEAD")).Text);
        Assert.Equal("to the end", (await client.ReadResponseAsync()).Text);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Mismatch_shows_both_texts_as_soon_as_it_is_certain()
    {
        await using var origin = WireOrigin.Answering("HTTP/1.1 502 Bad Gateway", "Content-Length: 0", "", "");
        await using var client = await WireClient.ConnectAsync(origin.Port);
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        var fault = await Assert.ThrowsAnyAsync<XunitException>(() => client.ExpectAsync("HTTP/1.1 200 OK", new string('x', 10_000)));

        Assert.Contains("HTTP/1.1 200 OK\\r\\n", fault.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 502 Bad Gateway\\r\\n", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_and_reset_are_told_apart()
    {
        await using var origin = WireOrigin.Start(exchange =>
        {
            if (exchange.Request.Target == "/reset")
            {
                exchange.Abort();
            }
            else
            {
                exchange.Close();
            }

            return Task.CompletedTask;
        });
        await using var closed = await AskAsync("/close");
        await closed.ExpectClosedAsync();
        await using var reset = await AskAsync("/reset");
        await reset.ExpectResetAsync();
        await origin.OpenConnectionsAsync(0);

        await using var wrong = await AskAsync("/close");
        await Assert.ThrowsAnyAsync<XunitException>(wrong.ExpectResetAsync);

        async Task<WireClient> AskAsync(string target)
        {
            var client = await WireClient.ConnectAsync(origin.Port);
            await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", "", "");
            return client;
        }
    }

    [Fact]
    public async Task Early_answer_comes_before_the_body()
    {
        await using var origin = WireOrigin.StartEarly(async exchange =>
        {
            Assert.Empty(exchange.Request.Body);
            await exchange.AnswerAsync("HTTP/1.1 100 Continue", "", "");
            await exchange.AnswerOkAsync(Encoding.Latin1.GetString(await exchange.ReadBodyAsync()));
        });
        await using var client = await WireClient.ConnectAsync(origin.Port);

        await client.SendAsync("PUT / HTTP/1.1", "Host: a", "Content-Length: 4", "", "");
        await client.ExpectAsync("HTTP/1.1 100 Continue", "", "");
        await client.SendRawAsync("body");

        Assert.Equal("body", (await client.ReadResponseAsync()).Text);
    }

    [Fact]
    public async Task Raw_origin_speaks_any_protocol()
    {
        await using var origin = WireOrigin.StartRaw(async wire => await wire.SendAsync(await wire.ReadToEndAsync()));
        await using var client = await WireClient.ConnectAsync(origin.Port);

        await client.SendRawAsync("\0\u00ffabc");
        client.ShutdownSend();

        await client.ExpectAsync("\0\u00ffabc");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Fault_of_the_script_fails_the_test_in_the_end()
    {
        var origin = WireOrigin.Start(_ => throw new InvalidOperationException("the script's own"));
        await using (var client = await WireClient.ConnectAsync(origin.Port))
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await client.ExpectClosedAsync();
        }

        var fault = await Assert.ThrowsAsync<AggregateException>(async () => await origin.DisposeAsync());

        Assert.Equal("the script's own", fault.InnerException?.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Client_and_origin_work_in_memory_in_pieces(int size)
    {
        var transport = new InMemoryTransport { ReceiveSize = ReceiveSizes.Of(size) };
        await using var origin = WireOrigin.Start(
            transport, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80), exchange => exchange.AnswerOkAsync(exchange.Request.Text));
        await using var client = await WireClient.ConnectAsync(transport, origin.EndPoint);

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 4", "", "echo");

        Assert.Equal("echo", (await client.ReadResponseAsync()).Text);
        client.Reset();
        await origin.OpenConnectionsAsync(0);
    }
}

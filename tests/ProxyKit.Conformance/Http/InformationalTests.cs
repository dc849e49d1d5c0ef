namespace ProxyKit.Conformance.Http;

public abstract class InformationalTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Informational_responses_pass_in_order_before_the_final_one()
    {
        var origin = OriginAnswering(
            "HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early Hints", "Link: </style.css>", "", "HTTP/1.1 102 Processing", "",
            "HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await client.ExpectAsync(
                "HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early Hints", "Link: </style.css>", "", "HTTP/1.1 102 Processing", "",
                "HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }

        Assert.Equal(200, (await LoggedAsync()).Status);
        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Informational_response_is_delivered_before_the_final_one_is_there()
    {
        using var seen = new Gate();
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerAsync("HTTP/1.1 103 Early Hints", "Link: </style.css>", "", "");
            await seen.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 103 Early Hints", "Link: </style.css>", "", "");
        seen.Open();
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Informational_response_loses_its_lengths()
    {
        var origin = OriginAnswering("HTTP/1.1 103 Early Hints", "Content-Length: 5", "", "HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 103 Early Hints", "", "HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
    }

    [Fact]
    public async Task Many_informational_responses_beyond_a_buffer_all_pass()
    {
        var hint = $"HTTP/1.1 103 Early Hints\r\nLink: <{new string('x', 900)}>\r\n\r\n";
        var hints = string.Concat(Enumerable.Repeat(hint, 60));
        await StartAsync(Origin(exchange => exchange.AnswerRawAsync(hints + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync(hints + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    [Fact]
    public async Task Expectation_reaches_the_server_whose_100_lets_the_body_come()
    {
        var origin = Origin(
            async exchange =>
            {
                Assert.Equal("100-continue", exchange.Request["Expect"]);
                await exchange.AnswerRawAsync("HTTP/1.1 100 Continue\r\n\r\n");
                Assert.Equal(3, (await exchange.ReadBodyAsync()).Length);
                await exchange.AnswerOkAsync();
            },
            early: true);
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("PUT / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 3", "", "");
            await client.ExpectAsync("HTTP/1.1 100 Continue", "", "");
            await client.SendRawAsync("abc");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }

        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Expectation_answered_with_a_final_response_closes_the_connection()
    {
        var origin = Origin(
            async exchange =>
            {
                await exchange.AnswerAsync("HTTP/1.1 417 No", "Content-Length: 2", "", "no");
                exchange.Close();
            },
            early: true);
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 3", "", "");

        await client.ExpectAsync("HTTP/1.1 417 No", "Content-Length: 2", "connection: close", "", "no");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Early_response_is_delivered_at_once_and_keep_alive_resumes_behind_the_body()
    {
        var origin = Origin(
            async exchange =>
            {
                if (exchange.Request.Method == "GET")
                {
                    await exchange.AnswerOkAsync();
                    return;
                }

                await exchange.AnswerAsync("HTTP/1.1 403 Forbidden", "Content-Length: 2", "", "no");
                exchange.Close();
            },
            early: true);
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\nabcd");
        await client.ExpectAsync("HTTP/1.1 403 Forbidden", "Content-Length: 2", "", "no");
        await client.SendRawAsync(new byte[200_000 - 4]);

        Assert.Equal(200, (await GetAsync(client)).Status);
    }

    [Fact]
    public async Task Early_reply_of_the_proxy_drains_the_body_and_keep_alive_resumes()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0")));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\nabcd");
        Assert.Equal(503, (await client.ReadResponseAsync()).Status);
        await client.SendRawAsync(new byte[50_000 - 4]);

        Assert.Equal(503, (await GetAsync(client)).Status);
    }

    public sealed class OverSockets() : InformationalTests(Carrier.Sockets);

    public sealed class InMemory() : InformationalTests(Carrier.Memory);

    public sealed class InPieces() : InformationalTests(Carrier.Pieces);
}

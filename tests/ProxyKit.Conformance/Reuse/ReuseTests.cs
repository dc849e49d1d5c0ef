using ProxyKit.Rules;

namespace ProxyKit.Conformance.Reuse;

public abstract class ReuseTests(Carrier carrier) : ProxyTest(carrier)
{
    // policy; whether the connection has served one request or two before; whether a first request takes it, and whether a second one does
    [Theory]
    [InlineData(ConnectionReuse.Never, 1, false, false)]
    [InlineData(ConnectionReuse.Never, 2, false, false)]
    [InlineData(ConnectionReuse.Safe, 1, false, true)]
    [InlineData(ConnectionReuse.Safe, 2, false, true)]
    [InlineData(ConnectionReuse.Aggressive, 1, false, true)]
    [InlineData(ConnectionReuse.Aggressive, 2, true, true)]
    [InlineData(ConnectionReuse.Always, 1, true, true)]
    [InlineData(ConnectionReuse.Always, 2, true, true)]
    public async Task Idle_connection_is_taken_as_the_policy_allows(ConnectionReuse policy, int uses, bool byFirst, bool bySecond)
    {
        var origin = Origin(exchange => exchange.AnswerOkAsync($"{exchange.ConnectionNumber}"));
        await StartAsync(origin, backend: backend => backend.Reuse(policy));
        var earlier = await ConnectAsync();
        for (var i = 0; i < uses; i++)
        {
            await GetAsync(earlier);
        }

        var client = await ConnectAsync();
        await LoggedAsync(uses);
        var first = await GetAsync(client);
        await LoggedAsync(uses + 1);
        await GetAsync(earlier); // so that two connections are idle, the one it takes being the one used last
        await LoggedAsync(uses + 2);
        var second = await GetAsync(client);

        Assert.Equal(byFirst, first.Text == "1");
        Assert.Equal(bySecond ? "1" : first.Text, policy == ConnectionReuse.Never || first.Text == "1" ? second.Text : "1");
    }

    [Theory]
    [InlineData(ConnectionReuse.Always, "a", "b")]
    [InlineData(ConnectionReuse.Always, "a", null)]
    [InlineData(ConnectionReuse.Never, "a", "b")] // of one client's own connections too
    public async Task Connections_serve_requests_of_their_pool_alone(ConnectionReuse policy, string one, string? other)
    {
        var origin = Origin(exchange => exchange.AnswerOkAsync($"{exchange.ConnectionNumber}"));
        await StartAsync(origin, backend: backend => backend.Reuse(policy).Configure(static o => o.Servers[0].PoolName = Value.Parse("req.hdr(x-tenant)")));

        Assert.Equal("1 2 1 2", await NumbersAsync(one, other, one, other));
    }

    [Fact]
    public async Task Long_names_of_pools_are_told_apart_by_all_of_them()
    {
        var origin = Origin(exchange => exchange.AnswerOkAsync($"{exchange.ConnectionNumber}"));
        await StartAsync(
            origin, backend: static backend => backend.Reuse(ConnectionReuse.Always).Configure(static o => o.Servers[0].PoolName = Value.Parse("req.hdr(x-tenant)")));
        var name = new string('x', 300);

        Assert.Equal("1 2 1 2", await NumbersAsync($"{name}y", $"{name}z", $"{name}y", $"{name}z"));
    }

    /// <summary>Has one client ask once for each tenant.</summary>
    /// <returns>The numbers of the connections that its requests came on.</returns>
    private async Task<string> NumbersAsync(params string?[] tenants)
    {
        var client = await ConnectAsync();
        var numbers = new List<string>();
        foreach (var (index, tenant) in tenants.Index())
        {
            await client.SendAsync((string[])["GET / HTTP/1.1", "Host: a", .. tenant is null ? [] : (string[])[$"X-Tenant: {tenant}"], "", ""]);
            numbers.Add((await client.ReadResponseAsync()).Text);
            await LoggedAsync(index + 1); // the connection is idle again
        }

        return string.Join(' ', numbers);
    }

    [Fact]
    public async Task Private_connection_ends_with_its_client()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: backend => backend.Reuse(ConnectionReuse.Never));
        var client = await ConnectAsync();
        await GetAsync(client);
        await GetAsync(client);
        Assert.Equal(1, origin.Connections);

        client.ShutdownSend();

        await origin.OpenConnectionsAsync(0);
    }

    [Theory]
    [InlineData(ConnectionReuse.Safe)]
    [InlineData(ConnectionReuse.Never)]
    public async Task Reused_connection_that_died_under_a_get_is_invisible(ConnectionReuse policy)
    {
        var origin = DyingOrigin();
        await StartAsync(origin, backend: backend => backend.Reuse(policy));
        var client = await ConnectAsync();
        await GetAsync(client);

        var second = await GetAsync(client, "/dies");

        Assert.Equal(200, second.Status);
        Assert.Equal(2, origin.Connections);
        var line = await LoggedAsync(2);
        Assert.Equal(("--", "0"), (line.End, line.Retries));
    }

    [Fact]
    public async Task Reused_connection_that_died_under_a_put_has_its_body_sent_again()
    {
        var origin = DyingOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();
        await GetAsync(client);

        await client.SendAsync("PUT /dies HTTP/1.1", "Host: a", "Content-Length: 4", "", "body");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(["", "body", "body"], origin.Requests.Select(r => r.Text));
    }

    [Fact]
    public async Task Reused_connection_that_died_under_a_post_closes_the_client_without_a_word()
    {
        await StartAsync(DyingOrigin());
        var client = await ConnectAsync();
        await GetAsync(client);
        await LoggedAsync();

        await client.SendAsync("POST /dies HTTP/1.1", "Host: a", "Content-Length: 4", "", "body");

        await client.ExpectClosedAsync();
        Assert.Single(Log.Entries, e => e.Category == "ProxyKit.Access");
    }

    [Fact]
    public async Task Post_whose_body_is_still_to_come_takes_no_idle_connection()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();
        await GetAsync(client);
        await LoggedAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
        await origin.OpenConnectionsAsync(2);
        await client.SendRawAsync("body");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Idle_connection_that_the_server_closes_is_closed_at_once()
    {
        using var close = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await close.PassAsync();
            wire.ShutdownSend();
            await wire.ReadToEndAsync(); // the proxy's own end
        });
        await StartAsync(origin);
        await GetAsync();
        await LoggedAsync();
        Assert.Equal(1, Server().IdleConnections);

        close.Open();

        await origin.OpenConnectionsAsync(0);
        Assert.Equal(0, Server().IdleConnections);
    }

    [Theory]
    [InlineData(ConnectionReuse.Safe)]
    [InlineData(ConnectionReuse.Never)]
    public async Task Unasked_bytes_on_an_idle_connection_close_it_and_answer_nobody(ConnectionReuse policy)
    {
        using var speak = new Gate();
        var connections = 0;
        var origin = RawOrigin(async wire =>
        {
            var isFirst = Interlocked.Increment(ref connections) == 1;
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            if (isFirst)
            {
                await speak.PassAsync();
                await wire.SendAsync("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                speak.Open();
            }

            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, backend: backend => backend.Reuse(policy));
        var client = await ConnectAsync();
        await GetAsync(client);
        await LoggedAsync();

        speak.Open();
        await origin.OpenConnectionsAsync(0);

        Assert.Equal(200, (await GetAsync(client)).Status);
    }

    [Fact]
    public async Task Bytes_behind_a_response_keep_its_connection_from_being_used_again()
    {
        var origin = Origin(exchange => exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 Forged\r\n\r\n"));
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }

        Assert.Equal(2, origin.Connections);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 2)]
    [InlineData(null, 1)]
    public async Task Connection_serves_as_many_further_requests_as_max_reuse_says(int? maxReuse, int connections)
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: backend => backend.Configure(o => o.Servers[0].MaxReuse = maxReuse));
        var client = await ConnectAsync();

        for (var i = 0; i < 4; i++)
        {
            await GetAsync(client);
        }

        Assert.Equal(connections, origin.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task No_more_idle_connections_are_kept_than_allowed(int most)
    {
        using var bothHere = new Gate();
        var origin = Origin(async exchange =>
        {
            await bothHere.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: backend => backend.Configure(o => o.Servers[0].MaxIdleConnections = most));

        var gets = new[] { GetAsync(), GetAsync(), GetAsync() };
        await origin.RequestAsync(3);
        bothHere.Open(3);
        await Task.WhenAll(gets);

        await origin.OpenConnectionsAsync(most);
    }

    [Fact]
    public async Task Purge_closes_what_is_idle_beyond_recent_use()
    {
        using var bothHere = new Gate();
        var origin = Origin(async exchange =>
        {
            await bothHere.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var gets = Enumerable.Range(0, 4).Select(_ => GetAsync()).ToArray();
        await origin.RequestAsync(4);
        bothHere.Open(4);
        await Task.WhenAll(gets);
        await LoggedAsync(4);
        Assert.Equal(4, Server().IdleConnections);

        Time.Advance(TimeSpan.FromSeconds(5)); // the use of the last five seconds was four at once
        Assert.Equal(4, Server().IdleConnections);
        Time.Advance(TimeSpan.FromSeconds(60));

        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Connection_to_one_server_is_not_used_for_another()
    {
        var one = Origin(exchange => exchange.AnswerOkAsync("one"));
        var two = Origin(exchange => exchange.AnswerOkAsync("two"));
        await StartAsync(Compose([one, two], backend: backend => backend.Reuse(ConnectionReuse.Always)));
        var client = await ConnectAsync();

        var texts = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            texts.Add((await GetAsync(client)).Text);
        }

        Assert.Equal(["one", "two", "one", "two"], texts);
        Assert.Equal((1, 1), (one.Connections, two.Connections));
    }

    /// <summary>An origin that closes instead of answering <c>/dies</c> where that is not a connection's first request.</summary>
    private WireOrigin DyingOrigin() => Origin(exchange =>
    {
        if (exchange.Request.Target == "/dies" && exchange.RequestNumber > 1)
        {
            exchange.Close();
            return Task.CompletedTask;
        }

        return exchange.AnswerOkAsync();
    });

    public sealed class OverSockets() : ReuseTests(Carrier.Sockets);

    public sealed class InMemory() : ReuseTests(Carrier.Memory);
}

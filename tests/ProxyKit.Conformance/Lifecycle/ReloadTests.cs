using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Lifecycle;

public abstract class ReloadTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Reload_while_traffic_flows_fails_no_request_and_refuses_no_connection()
    {
        var origins = new[] { OkOrigin(), OkOrigin(), OkOrigin() };
        await StartAsync(Compose(origins[..1]));
        using var stop = new CancellationTokenSource();
        var address = Proxy.EndPoints[0];
        var kept = Enumerable.Range(0, 3).Select(_ => RequestUntilAsync(isKept: true, stop.Token)).ToArray();
        var fresh = Enumerable.Range(0, 2).Select(_ => RequestUntilAsync(isKept: false, stop.Token)).ToArray();

        for (var i = 0; i < 20; i++)
        {
            await ReloadAsync(Compose(origins[(i % 3)..]));
            await origins[2].RequestAsync((i / 3) + 1);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll([.. kept, .. fresh]), requests => Assert.True(requests > 0));
        Assert.Equal(address, Proxy.EndPoints[0]);
        Assert.All(origins, origin => Assert.NotEmpty(origin.Requests));
    }

    [Fact]
    public async Task Exchange_under_way_ends_under_the_configuration_it_began_with_and_the_next_is_under_the_new_one()
    {
        using var go = new Gate();
        var old = Origin(async exchange =>
        {
            await go.PassAsync();
            await exchange.AnswerOkAsync("old");
        });
        var young = Origin(exchange => exchange.AnswerOkAsync("new"));
        await StartAsync(old);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await old.RequestAsync();

        await ReloadAsync(Compose([young]));
        go.Open();

        Assert.Equal("old", (await client.ReadResponseAsync()).Text);
        Assert.Equal("new", (await GetAsync(client)).Text);
        await old.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Idle_connections_of_a_server_that_stays_are_kept_and_of_one_that_leaves_closed()
    {
        var origins = new[] { OkOrigin(), OkOrigin() };
        await StartAsync(Compose(origins));
        var client = await ConnectAsync();
        await GetAsync(client);
        await GetAsync(client);
        await LoggedAsync(2);

        await ReloadAsync(Compose(origins[..1]));

        await origins[1].OpenConnectionsAsync(0);
        Assert.Equal(1, Server().IdleConnections);
        await GetAsync(client);
        Assert.Equal(1, origins[0].Connections);
    }

    [Fact]
    public async Task Reload_with_an_invalid_config_keeps_serving_the_old_one_and_accepts_the_next()
    {
        var old = Origin(exchange => exchange.AnswerOkAsync("old"));
        var young = Origin(exchange => exchange.AnswerOkAsync("new"));
        await StartAsync(old);
        var client = await ConnectAsync();
        Assert.Equal("old", (await GetAsync(client)).Text);

        await Assert.ThrowsAsync<ProxyConfigurationException>(() => ReloadAsync(
            Compose([young], frontend => frontend.DefaultBackend("wbe"))));

        Assert.Equal("old", (await GetAsync(client)).Text);
        Assert.Equal("old", (await GetAsync()).Text);
        await ReloadAsync(Compose([young]));
        Assert.Equal("new", (await GetAsync(client)).Text);
    }

    [Fact]
    public async Task Start_on_a_taken_address_names_the_bind_and_can_be_tried_again()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var taken = Proxy.EndPoints[0]!.ToString()!;
        await using var second = Create(proxy => proxy.AddFrontend("second", frontend => frontend.Bind("127.0.0.1:0").Bind(taken)));

        var fault = await Assert.ThrowsAsync<ListenException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("\"second\"", fault.Message, StringComparison.Ordinal);
        Assert.Contains(taken, fault.Message, StringComparison.Ordinal);
        Assert.Empty(second.EndPoints);
    }

    [Fact]
    public async Task Reload_onto_a_taken_address_names_the_bind_and_changes_nothing()
    {
        var origin = OkOrigin();
        var young = OkOrigin();
        await StartAsync(origin);
        await using var other = Create(proxy => proxy.AddFrontend("other", frontend => frontend.Bind("127.0.0.1:0")));
        await other.StartAsync(TestContext.Current.CancellationToken);
        var taken = other.EndPoints[0]!.ToString()!;

        var fault = await Assert.ThrowsAsync<ListenException>(() => ReloadAsync(Compose([young], frontend => frontend.Bind(taken))));

        Assert.Contains(taken, fault.Message, StringComparison.Ordinal);
        Assert.Single(Proxy.EndPoints);
        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Empty(young.Requests);
    }

    [Fact]
    public async Task Bind_that_leaves_refuses_and_its_sessions_end_with_their_exchange()
    {
        using var go = new Gate();
        var origin = Origin(async exchange =>
        {
            await go.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(Compose([origin], frontend => frontend.Bind("127.0.0.2:0")));
        var leaving = Proxy.EndPoints[1]!;
        var busy = await ConnectAsync(leaving);
        await busy.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.RequestAsync();

        await ReloadAsync(Compose([origin]));
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(leaving));
        go.Open();

        await busy.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: close", "", "ok");
        await busy.ExpectClosedAsync();
    }

    private async Task<int> RequestUntilAsync(bool isKept, CancellationToken stop)
    {
        var requests = 0;
        var client = isKept ? await ConnectAsync() : null;
        while (!stop.IsCancellationRequested)
        {
            var response = client is null ? await GetAsync() : await GetAsync(client);
            Assert.Equal(200, response.Status);
            requests++;
        }

        return requests;
    }

    public sealed class OverSockets() : ReloadTests(Carrier.Sockets);

    public sealed class InMemory() : ReloadTests(Carrier.Memory);
}

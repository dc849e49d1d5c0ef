namespace ProxyKit.Conformance.Rules;

/// <summary>Services of users, which answer in the place of a server.</summary>
public abstract class ServiceTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly Reply Fine = Reply.Text("fine", "text/plain");

    [Fact]
    public async Task Service_answers_and_no_server_is_asked()
    {
        await StartAsync(f => f.OnRequest(rules => rules
            .UseService("status", static (_, _) => new(Fine), Match.Path("/status"))
            .Deny(when: Match.Path("/status"))));
        var client = await ConnectAsync();

        await client.SendAsync("GET /status HTTP/1.1", "Host: a", "", "");
        var response = await client.ReadResponseAsync();
        var line = await LoggedAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal((200, "fine"), (response.Status, response.Text));
        Assert.Equal(("public/<status>", 200, "LR"), (line.Server, line.Status, line.End));
        Assert.Equal((0, 0), (line.Queue, line.Connect));
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text); // on the same connection
    }

    [Fact]
    public async Task Rules_for_responses_see_what_it_answers()
    {
        await StartAsync(f => f
            .OnRequest(rules => rules.UseService("status", static (_, _) => new(Fine)))
            .OnResponse(rules => rules
                .SetHeader("X-Status", Value.Format("%[status] %[res.body]"))
                .WaitForBody(TimeSpan.FromSeconds(1)))
            .OnAfterResponse(rules => rules.SetHeader("X-After", Value.Format("%[res.hdr(x-status)]"))));
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            var response = await client.ReadResponseAsync();

            Assert.Equal(("fine", "200 fine", "200 fine"), (response.Text, response["X-Status"], response["X-After"]));
        }
    }

    [Fact]
    public async Task Rule_for_responses_may_refuse_what_it_answers()
    {
        await StartAsync(f => f
            .OnRequest(rules => rules.UseService("status", static (_, _) => new(Fine)))
            .OnResponse(rules => rules.Deny()));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        var response = await client.ReadResponseAsync();

        Assert.Equal(502, response.Status);
        Assert.Equal(("public/<status>", "PH"), ((await LoggedAsync()).Server, (await LoggedAsync()).End));
    }

    [Fact]
    public async Task Head_of_a_service_has_no_body()
    {
        await StartAsync(f => f.OnRequest(rules => rules.UseService("status", static (_, _) => new(Fine))));
        var client = await ConnectAsync();

        await client.SendAsync("HEAD / HTTP/1.1", "Host: a", "", "");
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "content-length: 4", "content-type: text/plain", "", "");
        Assert.Equal("fine", (await client.ReadResponseAsync()).Text);
    }

    [Fact]
    public async Task Service_that_throws_costs_its_request_alone()
    {
        ExpectedFaults = 1;
        await StartAsync(f => f.OnRequest(rules => rules
            .UseService("broken", static (_, _) => throw new InvalidOperationException("on purpose"), Match.Path("/broken"))));
        var client = await ConnectAsync();

        await client.SendAsync("GET /broken HTTP/1.1", "Host: a", "", "");

        Assert.Equal(500, (await client.ReadResponseAsync()).Status);
        var other = await ConnectAsync();
        await other.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal(200, (await other.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Rule_that_throws_about_its_answer_costs_that_answer()
    {
        ExpectedFaults = 1;
        await StartAsync(f => f
            .OnRequest(rules => rules.UseService("status", static (_, _) => new(Fine)))
            .OnResponse(rules => rules.Run("fails", static _ => throw new InvalidOperationException("on purpose"))));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(500, (await client.ReadResponseAsync()).Status);
    }

    private Task StartAsync(Action<FrontendBuilder> frontend) => StartAsync(OkOrigin(), frontend);
}

public sealed class ServiceOverSocketsTests() : ServiceTests(Carrier.Sockets);

public sealed class ServiceInMemoryTests() : ServiceTests(Carrier.Memory);

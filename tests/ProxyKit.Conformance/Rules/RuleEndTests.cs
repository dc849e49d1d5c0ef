using ProxyKit.Frontends;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.StickTables;

namespace ProxyKit.Conformance.Rules;

/// <summary>What is left of an exchange that rules have ended or said something of: lines, counters, pages, connections.</summary>
public abstract class RuleEndTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory] // SEC-09
    [InlineData("request")]
    [InlineData("response")]
    public async Task A_dropped_client_hears_nothing_and_finds_the_connection_gone(string list)
    {
        await StartAsync(OkOrigin(), f => _ = list == "request" ? f.OnRequest(rules => rules.SilentDrop()) : f.OnResponse(rules => rules.SilentDrop()));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await ExpectGoneAsync(client);
    }

    /// <summary>Where the system could hide the end, a client finds it by what it sends; else a reset may be there already.</summary>
    protected static async Task ExpectGoneAsync(WireClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var patience = new CancellationTokenSource(Patience.Limit);
        try
        {
            while (true)
            {
                patience.Token.ThrowIfCancellationRequested();
                await client.SendRawAsync("x");
                await Task.Yield();
            }
        }
        catch (IOException)
        {
            // Gone.
        }

        try
        {
            Assert.Empty(await client.Wire.ReadToEndAsync());
        }
        catch (IOException)
        {
            Assert.Equal("", client.Wire.Unread);
        }
    }

    [Fact]
    public async Task A_dropped_request_is_logged_as_refused_by_the_proxy()
    {
        await StartAsync(OkOrigin(), f => f.OnRequest(rules => rules.SilentDropWithin(64)));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        var line = await LoggedAsync();
        Assert.Equal((-1, "PR"), (line.Status, line.End));
        await client.ExpectResetAsync();
    }

    [Fact]
    public async Task A_rule_may_have_a_line_written_before_the_end()
    {
        await StartAsync(OkOrigin(), f => f
            .Configure(o => o.LogFormat = "%OG %ST %B %HU")
            .OnRequest(rules => rules.Log(Match.Path("/logged")))
            .OnResponse(rules => rules.Log(Match.Path("/logged"))));

        await GetAsync("/silent");
        await Log.WaitForAsync(static entry => entry.Category == "ProxyKit.Access"); // a client has its response before the line is written
        await GetAsync("/logged");

        var lines = new List<string>();
        await Log.WaitForAsync(entry =>
        {
            if (entry.Category == "ProxyKit.Access" && !lines.Contains(entry.Message))
            {
                lines.Add(entry.Message);
            }

            return lines.Count == 4;
        });
        Assert.Equal(["unspec 200", "http-req -1", "http-res 200", "unspec 200"], lines.Select(static l => string.Join(' ', l.Split(' ')[..2])));
    }

    [Fact] // SEC-08
    public async Task Refusals_count_as_errors_of_the_client_whatever_their_status()
    {
        await StartAsync(proxy =>
        {
            Compose([OkOrigin()], f => f
                .OnRequest(rules => rules
                    .Add(StickActions.Track(0, Value.Parse("req.hdr(host)"), "t"))
                    .Deny(when: Match.Path("/deny"))
                    .Deny(Reply.Empty(503), Match.Path("/deny503"))
                    .Challenge(when: Match.Path("/auth"))
                    .Redirect(RedirectOptions.To("/x"), Match.Path("/redirect"))
                    .Return(Reply.Text("ok", "text/plain"), Match.Path("/return")))
                .OnResponse(rules => rules.SetHeader("X-Seen", Value.Format("%[sc_http_err_cnt(0)]"))))(proxy);
            proxy.AddStickTable("t", StickKeyType.String, 100, null, new StickData(StickDataType.Errors));
        });

        foreach (var target in new[] { "/deny", "/deny503", "/auth", "/redirect", "/return" })
        {
            await GetAsync(target);
        }

        Assert.Equal("3", (await GetAsync())["X-Seen"]);
    }

    [Fact]
    public async Task A_line_may_tell_the_addresses_of_the_connection_to_the_server()
    {
        var origin = OkOrigin();
        await StartAsync(origin, f => f.Configure(o => o.LogFormat = "%si:%sp %bi:%bp %s"));

        await GetAsync();

        var entry = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access");
        var words = entry.Message.Split(' ');
        Assert.Equal((origin.Address, "s1"), (words[0], words[2]));
        Assert.Matches("^127\\.0\\.0\\.1:[1-9][0-9]*$", words[1]);
        Assert.NotEqual(words[0], words[1]);
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_gets_the_built_in_page()
    {
        var page = Path.GetTempFileName();
        await File.WriteAllTextAsync(page, "HTTP/1.1 400 Mine\r\nContent-Length: 10\r\n\r\nunreadable", TestContext.Current.CancellationToken);
        await StartAsync(OkOrigin(), f => f.Configure(o => o.ErrorPages.Add(ErrorPageOptions.File(400, page))));
        File.Delete(page); // it was read when the proxy was put to use
        var client = await ConnectAsync();

        await client.SendAsync("NONSENSE", "", "");
        var response = await client.ReadResponseAsync();

        Assert.Equal(400, response.Status);
        Assert.StartsWith("<html><body><h1>400 Bad request</h1>", response.Text, StringComparison.Ordinal); // as HAProxy: it is nobody's request
        await client.ExpectClosedAsync();
        Assert.Equal("PR", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task A_route_by_name_does_not_lead_to_a_backend_of_another_mode()
    {
        var raw = RawOrigin(static wire => wire.SendAsync("not to be reached"));
        await StartAsync(proxy =>
        {
            Compose([OkOrigin()], f => f.Configure(o => o.Routes.Add(new RouteOptions(Match.Always, "") { Name = Value.Parse("req.hdr(x-be)") })))(proxy);
            proxy.AddBackend("raw", b => b.Mode(ProxyMode.Tcp).AddServer("r1", raw.Address));
        });
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Be: raw", "", "");

        await client.ExpectClosedAsync();
        var line = await LoggedAsync();
        Assert.Equal((500, "IR", "public/<NOSRV>"), (line.Status, line.End, line.Server));
    }
}

public sealed class RuleEndOverSocketsTests() : RuleEndTests(Carrier.Sockets)
{
    [Fact]
    public async Task A_client_dropped_before_it_has_said_anything_finds_the_connection_gone()
    {
        await StartAsync(OkOrigin(), f => f.OnConnection(rules => rules.SilentDrop()));

        await ExpectGoneAsync(await ConnectAsync());
    }

    [Fact]
    public async Task A_client_of_a_tunnel_may_be_dropped()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Mode(ProxyMode.Tcp).Bind("127.0.0.1:0").DefaultBackend("web").OnContent(rules => rules.SilentDrop()))
            .AddBackend("web", b => b.Mode(ProxyMode.Tcp).AddServer("s1", "127.0.0.1:1")));

        await ExpectGoneAsync(await ConnectAsync());
    }
}

public sealed class RuleEndInMemoryTests() : RuleEndTests(Carrier.Memory);

public sealed class RuleEndInPiecesTests() : RuleEndTests(Carrier.Pieces);

using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;
using ProxyKit.Runtime;
using ProxyKit.Stickiness;
using ProxyKit.StickTables;
using ProxyKit.Tests.Rules.Explaining;
using static ProxyKit.Tests.Rules.Explaining.Explained;

namespace ProxyKit.Tests.Runtime.Explaining;

public sealed class ExplainerTests
{
    [Fact]
    public void Deny_stops_the_rules_behind_it()
    {
        var explanation = Of(f => f.OnRequest(r => r.Deny(403, when: When("{ path / }")).SetHeader("X", "1")).Route(Match.Always, "cart"));

        Assert.Equal([RuleFate.Fired, RuleFate.NotReached], explanation.Fates());
        Assert.Equal((ExplainedEnd.Answered, 403), (explanation.End, explanation.Reply!.Status));
        Assert.Equal("answered 403 by 'deny deny_status 403 if { path / }'", explanation.Outcome);
        Assert.Null(explanation.Backend);
    }

    [Fact]
    public void Allow_ends_its_list_alone()
    {
        var explanation = Of(f => f.OnRequest(r => r.Allow().Deny()));

        Assert.Equal([RuleFate.Fired, RuleFate.NotReached], explanation.Fates());
        Assert.Equal("web", explanation.Backend);
    }

    [Fact]
    public void Lists_are_asked_in_the_order_of_a_request()
    {
        var options = Options(
            f => f
                .OnRequest(r => r.SetHeader("X", "1"))
                .OnContent(r => r.Accept())
                .OnSession(r => r.Accept())
                .OnConnection(r => r.Accept())
                .Route(Match.Path("/none"), "cart"),
            b => b.OnContent(r => r.Accept()).OnRequest(r => r.SetHeader("Y", "1")));

        Assert.Equal(
            [
                "frontend public, tcp-request connection",
                "frontend public, tcp-request session",
                "frontend public, tcp-request content",
                "frontend public, http-request",
                "frontend public, use_backend",
                "backend web, tcp-request content",
                "backend web, http-request",
            ],
            Proxy.Explain(options, ExampleRequest.Parse("/")).Lists.Select(static l => l.ToString()));
    }

    [Fact]
    public void First_route_that_holds_is_taken_and_the_others_are_not_reached()
    {
        var explanation = Of(
            f => f.Route(Match.Path("/b"), "cart").Route(Match.Path("/a/*"), "cart").Route(Match.Path("/a/*"), "web"), "http://h/a/1");

        Assert.Equal([RuleFate.NotFired, RuleFate.Fired, RuleFate.NotReached], explanation.Fates());
        Assert.Equal("cart", explanation.Backend);
        Assert.Equal("backend cart (use_backend), a server by roundrobin", explanation.Outcome);
    }

    [Fact]
    public void Route_that_came_from_a_file_tells_its_place()
    {
        var explanation = Of(f => f.Configure(o => o.Routes.Add(new(Match.Path("/"), "cart") { Origin = "gateway.cfg:12" })));

        Assert.Equal("gateway.cfg:12", explanation.Rules()[0].Place);
        Assert.Equal("backend cart (use_backend at gateway.cfg:12), a server by roundrobin", explanation.Outcome);
    }

    [Fact]
    public void Default_backend_takes_what_no_route_does()
    {
        var explanation = Of(f => f.Route(Match.Path("/b"), "cart"), "http://h/a");

        Assert.Equal(("web", "backend web (default_backend), a server by roundrobin"), (explanation.Backend, explanation.Outcome));
    }

    [Fact]
    public void Without_a_backend_the_answer_is_503()
    {
        var explanation = Of(f => f.Configure(static o => o.DefaultBackend = null).Route(Match.Path("/b"), "cart"), "http://h/a");

        Assert.Equal((ExplainedEnd.Answered, 503), (explanation.End, explanation.Reply!.Status));
        Assert.Contains("there is no default_backend", explanation.Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cart", "cart", "use_backend")]
    [InlineData("nobody", "web", "default_backend")]
    public void Name_made_by_a_route_is_told(string host, string backend, string why)
    {
        var explanation = Of(
            f => f.Configure(static o => o.Routes.Add(new(Match.Always, "") { Name = Value.Format("%[req.hdr(host)]") })), $"http://{host}/");

        Assert.Equal(backend, explanation.Backend);
        Assert.Contains(why, explanation.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_the_backend_see_it_and_may_answer()
    {
        var options = Options(static _ => { }, b => b.OnRequest(r => r.Deny(404, when: When("{ be_name web }"))));

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("/"));

        Assert.Equal((404, "web", 0), (explanation.Reply!.Status, explanation.Backend, explanation.Servers.Count));
    }

    [Fact]
    public void Servers_tell_whether_they_could_be_chosen_and_why_not()
    {
        var options = Options(static _ => { }, b => b.AddServer("w2", "10.0.0.3:80", s => s.Weight(0)).AddServer("w3", "10.0.0.4:80", s => s.Backup()));

        Assert.Equal(
            [("w1", true, null), ("w2", false, "its weight is 0"), ("w3", false, "backup, for when no other server is left")],
            Proxy.Explain(options, ExampleRequest.Parse("/")).Servers.Select(static s => (s.Name, s.CanBeChosen, s.Remark)));
    }

    [Fact]
    public void Backend_without_a_server_answers_503()
    {
        var options = Options(static _ => { });
        options.Backends[0].Servers[0].Weight = 0;

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("/"));

        Assert.Equal((ExplainedEnd.Answered, 503), (explanation.End, explanation.Reply!.Status));
        Assert.Equal("answered 503: backend web has no server that could be chosen", explanation.Outcome);
    }

    [Fact]
    public void Connection_that_is_refused_comes_to_no_request()
    {
        var explanation = Of(f => f.OnConnection(r => r.Reject(when: When("{ src 127.0.0.1 }"))).OnRequest(r => r.Deny()));

        Assert.Equal((ExplainedEnd.Closed, "tcp-request connection"), (explanation.End, Assert.Single(explanation.Lists).Keyword));
    }

    [Fact]
    public void Request_that_is_none_is_refused_before_its_rules()
    {
        var explanation = Of(f => f.OnRequest(r => r.Deny()), "http://h/", "X A: 1");

        Assert.Equal((ExplainedEnd.Answered, 400), (explanation.End, explanation.Reply!.Status));
        Assert.Empty(explanation.Lists);
    }

    [Fact]
    public void Redirect_tells_where_to()
    {
        var explanation = Of(f => f.OnRequest(r => r.Redirect(RedirectOptions.Scheme(Value.Format("https")))), "http://h/a?b");

        Assert.Equal(302, explanation.Reply!.Status);
        Assert.Contains(new("location", "https://h/a?b"), explanation.Reply.Headers);
    }

    [Fact]
    public void Tcp_frontend_of_tls_is_routed_by_the_name_that_is_asked_for()
    {
        var options = Options(f => f
            .Mode(ProxyMode.Tcp)
            .OnContent(r => r.InspectDelay(TimeSpan.FromSeconds(5)).Accept(when: When("{ req.ssl_hello_type 1 }")).Reject())
            .Route(When("{ req.ssl_ver 3.3 }"), "cart")
            .Route(When("{ req.ssl_sni -m end .shop.example }"), "cart"));
        foreach (var backend in options.Backends)
        {
            backend.Mode = ProxyMode.Tcp;
        }

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("https://www.shop.example:8080/"));

        Assert.Equal([RuleFate.Fired, RuleFate.NotReached, RuleFate.Undecided, RuleFate.Fired], explanation.Fates());
        Assert.Equal("cart", explanation.Backend);
    }

    [Fact]
    public void Tcp_frontend_that_switches_to_HTTP_has_the_rules_asked_again_and_those_of_an_HTTP_backend()
    {
        var options = Options(
            f => f.Mode(ProxyMode.Tcp).OnContent(r => r.SwitchToHttp(when: When("{ req.len gt 0 }"))), b => b.OnRequest(r => r.SetHeader("x-path", "1", When("{ path /a }"))));

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("/a"));

        Assert.Equal(
            ["frontend public, tcp-request content", "frontend public, tcp-request content", "backend web, http-request"],
            explanation.Lists.Select(static l => l.ToString()));
        Assert.Equal(RuleFate.Fired, explanation.Lists[^1].Rules[0].Fate);
        Assert.Equal("web", explanation.Backend);
    }

    [Fact]
    public void Tcp_frontend_that_may_switch_and_does_not_asks_nothing_of_HTTP()
    {
        var options = Options(
            f => f.Mode(ProxyMode.Tcp).OnContent(r => r.SwitchToHttp(when: When("{ req.len 0 }"))), b => b.OnRequest(r => r.SetHeader("x-path", "1")));

        Assert.DoesNotContain(Proxy.Explain(options, ExampleRequest.Parse("/a")).Lists, static l => l.ToString().Contains("http-request", StringComparison.Ordinal));
    }

    [Fact]
    public void Tcp_frontend_sees_the_bytes_of_the_request()
    {
        var options = Options(f => f.Mode(ProxyMode.Tcp).OnContent(r => r.Reject(when: When("{ method POST }"))));
        foreach (var backend in options.Backends)
        {
            backend.Mode = ProxyMode.Tcp;
        }

        Assert.Equal(ExplainedEnd.Closed, Proxy.Explain(options, ExampleRequest.Parse("POST http://h/")).End);
    }

    [Fact]
    public void Rules_about_the_response_are_counted_and_left_out()
    {
        var explanation = Of(f => f.OnResponse(r => r.DelHeader("server")).OnAfterResponse(r => r.SetHeader("x", "1")));

        Assert.Equal(["rules about the response are not asked, since there is none: 2"], explanation.Notes);
    }

    [Fact]
    public void Frontend_is_found_by_its_name_and_by_the_port()
    {
        var options = Options(static _ => { });
        options.Frontends.Add(new() { Name = "second", DefaultBackend = "cart", Binds = { new() { Address = "*:9090" } } });
        var named = ExampleRequest.Parse("http://h/");
        named.Frontend = "second";

        Assert.Equal("second", Proxy.Explain(options, ExampleRequest.Parse("http://h:9090/")).Frontend);
        Assert.Equal("second", Proxy.Explain(options, named).Frontend);
        Assert.Equal("public", Proxy.Explain(options, ExampleRequest.Parse("/")).Frontend);
        Assert.Contains("no frontend listens on port 80", Fault(options, "http://h/"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_frontend_takes_a_port_that_fits_none()
    {
        var explanation = Of(static _ => { }, "http://h/");

        Assert.Equal("no address of the frontend is on port 80: explained as if one were", Assert.Single(explanation.Notes));
    }

    [Fact]
    public void Configuration_that_is_invalid_is_refused_with_its_faults()
    {
        var options = Options(f => f.OnRequest(r => r.Deny(when: When("{ nbsrv(nobody) gt 0 }"))));

        var refusal = Assert.Throws<ProxyConfigurationException>(() => Proxy.Explain(options, ExampleRequest.Parse("/")));

        Assert.Contains("nobody", Assert.Single(refusal.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/admin/x")]
    [InlineData("/admin/x?key=1")]
    [InlineData("/old?q=1")]
    [InlineData("/cart")]
    [InlineData("/cart/1")]
    [InlineData("/cart/1?vip")]
    [InlineData("/broken")]
    [InlineData("/none")]
    [InlineData("/%61")]
    public async Task Explanation_agrees_with_what_the_proxy_does(string target)
    {
        var options = Options(
            f => f
                .OnRequest(r => r
                    .Deny(403, when: When("{ path_beg /admin } !{ url_param(key) 1 }"))
                    .Redirect(RedirectOptions.To(Value.Format("/new?%[query]")), when: When("{ path /old }"))
                    .Run("breaks", static e => throw new InvalidOperationException(e.Request.Path), when: Match.Path("/broken"))
                    .SetVariable("txn.vip", Value.Parse("url_param(vip),length"))
                    .SetHeader("X-Path", Value.Parse("path")))
                .Route(When("{ path_beg /cart } { var(txn.vip) -m found }"), "vip")
                .Route(Match.Path("/cart/*"), "cart")
                .Configure(static o => o.Routes.Add(new(Match.Path("/none"), "") { Name = Value.Format("%[path,field(2,/)]") })),
            b => b.OnRequest(r => r.Return(Reply.Empty(210), when: When("{ req.hdr(x-path) / }")).Return(Reply.Empty(211))));
        options.Backends[1].Rules.Request.Add(new(RuleActions.Return(Reply.Empty(212))));
        options.Backends.Add(new() { Name = "vip", Servers = { new() { Name = "v1", Address = "10.0.0.9:80", Weight = 0 } } });
        options.Frontends[0].Binds.Clear();
        options.Frontends[0].Binds.Add(new() { Address = "127.0.0.1:0" });
        await using var proxy = Proxy.Create(options);
        await proxy.StartAsync(TestContext.Current.CancellationToken);

        var explained = Proxy.Explain(options, ExampleRequest.Parse(target));

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(new Uri($"http://{proxy.EndPoints[0]}{target}"), TestContext.Current.CancellationToken);
        Assert.Equal((int)answer.StatusCode, explained.Reply!.Status);
        Assert.Equal(answer.Headers.Location?.ToString(), explained.Reply.Headers.FirstOrDefault(static h => h.Key == "location").Value);
    }

    [Fact]
    public async Task Running_proxy_of_the_same_options_is_not_touched()
    {
        var options = Options(f => f.OnRequest(r => r
            .SetVariable("proc.seen", Value.Parse("int(1)"), when: When("{ path /set }"))
            .Return(Reply.Empty(299), when: When("{ var(proc.seen) -m found }"))
            .Return(Reply.Empty(200))));
        options.Frontends[0].Binds.Clear();
        options.Frontends[0].Binds.Add(new() { Address = "127.0.0.1:0" });
        await using var proxy = Proxy.Create(options);
        await proxy.StartAsync(TestContext.Current.CancellationToken);

        var explained = Proxy.Explain(options, ExampleRequest.Parse("/set"));

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{proxy.EndPoints[0]}/"), TestContext.Current.CancellationToken);
        Assert.Equal((299, 200), (explained.Reply!.Status, (int)answer.StatusCode));
    }

    [Fact]
    public void Monitor_is_answered_and_its_rules_are_none_of_the_list()
    {
        var options = Options(f => f.Monitor("/alive").OnRequest(r => r.SetHeader("X", "1").Deny(when: Match.Path("/x"))));

        var monitor = Proxy.Explain(options, ExampleRequest.Parse("/alive"));
        var other = Proxy.Explain(options, ExampleRequest.Parse("/x"));

        Assert.Equal("answered 200 by 'monitor-uri /alive'", monitor.Outcome);
        Assert.Equal([RuleFate.NotReached, RuleFate.NotReached], monitor.Fates());
        Assert.Equal([RuleFate.Fired, RuleFate.Fired], other.Fates());
        Assert.Equal("answered 403 by 'deny if path is /x'", other.Outcome);
    }

    [Fact]
    public void Body_that_the_balancing_needs_is_missed_only_where_it_was_not_given()
    {
        var options = Options(static _ => { }, b => b.Balance(Balance.UrlParameter("id")).OnRequest(r => r.SetHeader("X", "1")));
        var post = ExampleRequest.Parse("POST http://h:8080/");
        post.Headers.Add(new("Content-Length", "4"));

        var missed = Proxy.Explain(options, post);
        post.Body = "id=1"u8.ToArray();
        var given = Proxy.Explain(options, post);

        Assert.Equal([RuleFate.Fired], missed.Fates());
        Assert.False(missed.IsCertain);
        Assert.Contains(missed.Notes, static n => n.StartsWith("balance url_param", StringComparison.Ordinal) && n.Contains("body, which was not given", StringComparison.Ordinal));
        Assert.True(given.IsCertain);
    }

    [Fact]
    public void Server_of_the_cookie_is_the_one_whatever_its_weight()
    {
        var options = Options(static _ => { }, b => b.AddServer("w2", "10.0.0.3:80", s => s.Weight(0)));
        var web = options.Backends[0];
        (web.Servers[0].Weight, web.Servers[0].Cookie, web.Servers[1].Cookie) = (0, "a", "b");
        web.StickyCookie = new() { Name = "LB", Mode = StickyCookieMode.Insert };
        var request = ExampleRequest.Parse("/");
        request.Headers.Add(new("Cookie", "LB=b"));

        var explanation = Proxy.Explain(options, request);

        Assert.Equal("backend web (default_backend), server w2 by cookie LB", explanation.Outcome);
        Assert.Equal(
            [("w1", false, "its weight is 0"), ("w2", true, "the client is bound to it")],
            explanation.Servers.Select(static s => (s.Name, s.CanBeChosen, s.Remark)));
        Assert.Equal(503, Proxy.Explain(options, ExampleRequest.Parse("/")).Reply!.Status);
    }

    [Fact]
    public void Rules_that_bind_clients_tell_what_became_of_them()
    {
        var options = Options(static _ => { }, b => b.AddServer("w2", "10.0.0.3:80").OnRequest(r => r.SetHeader("X", "1")));
        var web = options.Backends[0];
        options.StickTables.Add(new() { Name = "web", KeyType = StickKeyType.IPv4, Size = 100 });
        web.PersistenceRules.Add(new(PersistenceEffect.Ignore, Match.Path("/no")));
        web.UseServerRules.Add(new("w1", Match.Path("/1")));
        web.UseServerRules.Add(new("w2", Match.Path("/2")) { Origin = "gateway.cfg:7" });
        web.StickRules.Add(new(StickRuleKind.On, Value.Parse("src")));

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("/2"));

        Assert.Equal(
            ["backend web, force-persist, ignore-persist", "backend web, http-request", "backend web, use-server", "backend web, stick"],
            explanation.Lists.Select(static l => l.ToString()));
        Assert.Equal([RuleFate.NotFired, RuleFate.Fired, RuleFate.NotFired, RuleFate.Fired, RuleFate.Fired], explanation.Fates());
        Assert.Equal("backend web (default_backend), server w2 by use-server at gateway.cfg:7", explanation.Outcome);
        Assert.Equal("backend web (default_backend), a server by roundrobin", Proxy.Explain(options, ExampleRequest.Parse("/")).Outcome);
    }

    [Fact]
    public void Servers_are_as_they_start()
    {
        var options = Options(static _ => { }, b => b
            .AddServer("w2", "10.0.0.3:80", s => s.StartsInMaintenance())
            .AddServer("w3", "10.0.0.4:80", s => s.Check(new ServerCheckOptions()).StartsAs(InitialServerState.Down))
            .AddServer("w4", "10.0.0.5:80", s => s.Track("web/w5"))
            .AddServer("w5", "10.0.0.6:80", s => s.Track("web/w3")));

        Assert.Equal(
            [("w1", true, null), ("w2", false, "is in maintenance"), ("w3", false, "is down"), ("w4", false, "is down"), ("w5", false, "is down")],
            Proxy.Explain(options, ExampleRequest.Parse("/")).Servers.Select(static s => (s.Name, s.CanBeChosen, s.Remark)));
    }

    [Fact]
    public void Text_is_for_people()
    {
        var explanation = Of(
            f => f
                .OnRequest(r => r.Deny(when: Match.Named("bad", When("{ src 10.0.0.0/8 }")) & When("{ path /x }")).SetHeader("X-A", Value.Parse("src")))
                .Route(Match.Path("/a/*"), "cart"),
            "http://shop.example:8080/a/1");

        Assert.Equal(
            """
            GET /a/1 (host shop.example:8080)
            from 127.0.0.1:49152, at frontend public (127.0.0.1:8080)

            frontend public, http-request
              - not fired    deny if bad { path /x }
                              no  bad = { src 10.0.0.0/8 }  saw 127.0.0.1
                                  { path /x }  (not asked)
              + fired        set-header X-A %[src]
                              header x-a = "127.0.0.1"

            frontend public, use_backend
              + fired        use_backend cart if path is under /a
                              saw "/a/1"

            => backend cart (use_backend), a server by roundrobin
               + c1 10.0.0.2:80 weight 1

            """.ReplaceLineEndings("\n"),
            explanation.ToString());
    }

    private static string Fault(ProxyOptions options, string request) =>
        Assert.Throws<FormatException>(() => Proxy.Explain(options, ExampleRequest.Parse(request))).Message;
}

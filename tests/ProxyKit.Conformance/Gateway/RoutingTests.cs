using System.Text;
using ProxyKit.Rules;

namespace ProxyKit.Conformance.Gateway;

/// <summary>One public address in front of many services: GW1-01 to GW1-06. GW1-07 stands in <c>Tls/ClientTlsTests</c>.</summary>
public abstract class RoutingTests(Carrier carrier) : ProxyTest(carrier)
{
    private const string None = "503";

    /// <summary>GW1-01: a path prefix, compared without case, chooses the service.</summary>
    [Theory]
    [InlineData("/CART/items", "cart")]
    [InlineData("/cart/1", "cart")]
    [InlineData("/catalog", "catalog")]
    public async Task Path_prefix_without_case_chooses_the_service(string target, string service)
    {
        await StartAsync(
            ["cart", "catalog"],
            frontend => frontend
                .Route(Match.PathPrefix("/cart", ignoreCase: true), to: "cart")
                .Route(Match.PathPrefix("/catalog", ignoreCase: true), to: "catalog"));

        Assert.Equal(service, await AskAsync(target));
    }

    /// <summary>GW1-02: a prefix is text, and whole segments can be asked for.</summary>
    [Theory]
    [InlineData(true, "/cartography", "cart")]
    [InlineData(true, "/cart/1", "cart")]
    [InlineData(false, "/cartography", None)]
    [InlineData(false, "/cart/1", "cart")]
    public async Task Prefix_is_text_or_whole_segments(bool isText, string target, string service)
    {
        await StartAsync(["cart"], frontend => frontend.Route(isText ? Match.PathPrefix("/cart") : Match.Path("/cart/*"), to: "cart"));

        Assert.Equal(service, await AskAsync(target));
    }

    /// <summary>GW1-03: host and path combine with AND; several names stand for one API.</summary>
    [Theory]
    [InlineData("api.haproxy.com", "/cart", "cart")]
    [InlineData("api.haproxy.fr", "/cart", "cart")]
    [InlineData("other.example", "/cart", None)]
    [InlineData("api.haproxy.fr", "/other", None)]
    public async Task Host_and_path_combine_and_several_names_stand_for_one(string host, string target, string service)
    {
        await StartAsync(
            ["cart"], frontend => frontend.Route(Match.Host("api.haproxy.com", "api.haproxy.fr") & Match.PathPrefix("/cart"), to: "cart"));

        Assert.Equal(service, await AskAsync(target, host));
    }

    /// <summary>GW1-04: a partner's host sees another set of services.</summary>
    [Theory]
    [InlineData("api.haproxy.com", "/inventory", "inventory")]
    [InlineData("partner.haproxy.com", "/inventory", None)]
    [InlineData("partner.haproxy.com", "/cart", "cart")]
    public async Task Partner_sees_other_services_than_the_public(string host, string target, string service)
    {
        await StartAsync(
            ["cart", "inventory"],
            frontend => frontend
                .Route(Match.Host("api.haproxy.com", "partner.haproxy.com") & Match.Path("/cart/*"), to: "cart")
                .Route(Match.Host("api.haproxy.com") & Match.Path("/inventory/*"), to: "inventory"));

        Assert.Equal(service, await AskAsync(target, host));
    }

    /// <summary>GW1-05: a host's case and port do not matter.</summary>
    [Theory]
    [InlineData("api.haproxy.com")]
    [InlineData("API.HAPROXY.COM:443")]
    public async Task Host_is_matched_whatever_its_case_and_port(string host)
    {
        await StartAsync(["cart"], frontend => frontend.Route(Match.Host("api.haproxy.com"), to: "cart"));

        Assert.Equal("cart", await AskAsync("/", host));
    }

    /// <summary>GW1-06: the first rule that matches wins, then the default.</summary>
    [Theory]
    [InlineData("/cart/1", "first")]
    [InlineData("/cart", "second")]
    [InlineData("/other", "rest")]
    public async Task First_route_wins_and_then_the_default(string target, string service)
    {
        await StartAsync(
            ["first", "second", "rest"],
            frontend => frontend
                .Route(Match.PathPrefix("/cart/"), to: "first")
                .Route(Match.PathPrefix("/cart"), to: "second")
                .DefaultBackend("rest"));

        Assert.Equal(service, await AskAsync(target));
    }

    /// <summary>GW1-06: without a default the client gets the standard 503, and nothing reaches any backend.</summary>
    [Fact]
    public async Task Without_a_route_and_a_default_the_client_gets_a_503_and_no_server_a_request()
    {
        var origins = await StartAsync(["cart"], frontend => frontend.Route(Match.Path("/cart"), to: "cart"));
        var client = await ConnectAsync();

        var response = await GetAsync(client, "/other");

        Assert.Equal(503, response.Status);
        Assert.Equal(
            "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n",
            Encoding.ASCII.GetString(response.Body));
        Assert.Equal(0, origins[0].Connections);
        var line = await LoggedAsync();
        Assert.Equal(("SC", "public/<NOSRV>"), (line.End, line.Server));
    }

    /// <summary>The answer's body, which is the service's name; the status where it is no success.</summary>
    private async Task<string> AskAsync(string target, string host = "a")
    {
        var client = await ConnectAsync();
        await client.SendAsync($"GET {target} HTTP/1.1", $"Host: {host}", "", "");
        var response = await client.ReadResponseAsync();
        return response.Status == 200 ? Encoding.ASCII.GetString(response.Body) : $"{response.Status}";
    }

    private async Task<WireOrigin[]> StartAsync(string[] services, Action<FrontendBuilder> routes)
    {
        WireOrigin[] origins = [.. services.Select(service => Origin(exchange => exchange.AnswerOkAsync(service)))];
        await StartAsync(proxy =>
        {
            proxy.AddFrontend("public", frontend => routes(frontend.Bind("127.0.0.1:0")));
            foreach (var (service, origin) in services.Zip(origins))
            {
                proxy.AddBackend(service, backend => backend.AddServer("s1", origin.Address));
            }
        });
        return origins;
    }

    public sealed class OverSockets() : RoutingTests(Carrier.Sockets);

    public sealed class InMemory() : RoutingTests(Carrier.Memory);
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Samples;

/// <summary>One address in front of many services, as the samples have it.</summary>
public sealed class GatewaySampleTests : SampleTest
{
    [Theory]
    [InlineData("api.example", "/CART/items", "cart")] // GW1-01
    [InlineData("api.example", "/cartography", "cart")] // GW1-02: the prefix is text,
    [InlineData("api.example", "/catalog/1", "catalog")]
    [InlineData("api.example", "/catalogue", "503")] // and this one is a segment
    [InlineData("api.example.fr", "/cart", "cart")] // GW1-03
    [InlineData("other.example", "/cart", "503")]
    [InlineData("partners.example", "/inventory", "inventory")] // GW1-04
    [InlineData("api.example", "/inventory", "503")]
    [InlineData("API.EXAMPLE:443", "/cart", "cart")] // GW1-05
    [InlineData("api.example.evil.example", "/cart", "503")]
    public async Task Name_and_path_choose_the_service(string host, string target, string service)
    {
        await StartGatewayAsync();

        var response = await AskAsync(target, $"Host: {host}");

        Assert.Equal(service, response.Status == 200 ? response.Text : $"{response.Status}");
    }

    [Fact] // GW1-07
    public async Task Encrypted_request_reaches_its_service_in_plain_text()
    {
        var cart = await StartGatewayAsync();
        var plain = await ConnectAsync(bind: 1);
        string? seen = null;
        var client = await plain.SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "gateway.example",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen = certificate?.GetCertHashString()) is not null,
        });

        await client.SendAsync("GET /cart HTTP/1.1", "Host: api.example", "", "");

        Assert.Equal("cart", (await client.ReadResponseAsync()).Text);
        Assert.Equal("GET /cart HTTP/1.1\r\nHost: api.example\r\n\r\n", cart.Requests[0].Head);
        using var leaf = X509Certificate2.CreateFromPemFile(Path.Combine(Certificates, "gateway.pem"));
        Assert.Equal(leaf.Thumbprint, seen);
    }

    [Theory] // GW1-06
    [InlineData("/cart/catalog", "cart")]
    [InlineData("/catalog", "catalog")]
    [InlineData("/", "pages")]
    public async Task First_route_that_matches_wins_and_the_rest_is_the_default_ones(string target, string service)
    {
        await StartSampleAsync("routing-by-path", Named("cart"), Named("cart"), Named("catalog"), Named("pages"));

        Assert.Equal(service, (await AskAsync(target, "Host: api.example")).Text);
    }

    [Fact] // I5-37
    public async Task Rewrites_show_the_service_another_request()
    {
        var origin = Origin(exchange => exchange.AnswerAsync(
            "HTTP/1.1 302 Found", "Location: http://service.internal/next", "Content-Length: 0", "", ""));
        await StartSampleAsync("rewrites", origin);

        var response = await AskAsync("/foo/bar?q=1");

        var seen = origin.Requests[0];
        Assert.Equal(("/bar?q=1", "service.internal", "a.example"), (seen.Target, seen["host"], seen["x-forwarded-host"]));
        Assert.Equal(("http://site.example/next", "DENY"), (response["location"], response["x-frame-options"]));
    }

    [Fact] // I5-30
    public async Task Moved_site_is_pointed_to_with_path_and_query()
    {
        await StartSampleAsync("rewrites", OkOrigin());

        var response = await AskAsync("/a?b", "Host: old.example");

        Assert.Equal((302, "http://new.example:8888/a?b"), (response.Status, response["location"]));
    }

    [Fact]
    public async Task Header_rules_hide_add_and_answer()
    {
        var origin = Origin(exchange => exchange.AnswerAsync("HTTP/1.1 403 No", "Server: x", "Content-Length: 0", "", ""));
        await StartSampleAsync("header-rules", origin);

        var response = await AskAsync("/v1/x", "X-Tier: GOLD");

        Assert.Equal((404, null, "gold"), (response.Status, response["server"], response["x-tier"]));
        Assert.Equal("/x", origin.Requests[0].Target);
        Assert.NotNull(origin.Requests[0]["x-request-id"]);
        Assert.Equal("alive", (await AskAsync("/alive")).Text);
        Assert.Equal(405, (await AskAsync("DELETE", "/", [])).Status);
        Assert.Equal("https://www.example/p", (await AskAsync("/p", "Host: example"))["location"]);
    }

    [Theory] // I5-29
    [InlineData("https://friend.example", true)]
    [InlineData("https://www.friend.example", true)]
    [InlineData("https://friend.example.evil.example", false)]
    [InlineData(null, false)]
    public async Task Only_friends_are_told_that_they_may_ask(string? origin, bool isTold)
    {
        var service = OkOrigin();
        await StartSampleAsync("cross-origin", service);

        var response = await AskAsync("OPTIONS", "/", origin is null ? [] : [$"Origin: {origin}"]);

        Assert.Equal(isTold ? (origin, "5", "origin") : (null, null, null), (response["access-control-allow-origin"], response["access-control-max-age"], response["vary"]));
        Assert.Single(service.Requests); // a preflight goes to the service like any other
    }

    [Fact]
    public async Task Own_errors_have_own_pages_and_those_of_the_service_pass()
    {
        var origin = Origin(exchange => exchange.AnswerAsync("HTTP/1.1 503 Mine", "Content-Length: 4", "", "mine"));
        var backup = OkOrigin();
        await StartSampleAsync("error-pages", origin, backup);

        Assert.Equal("mine", (await AskAsync("/")).Text); // I5-20
        var refused = await AskAsync("/internal/x");
        Assert.Equal((403, "{ \"refused\": \"/internal/x\" }", "rules"), (refused.Status, refused.Text, refused["x-why"]));

        origin.StopListening();
        Proxy.SetServerHealth("service", "s1", ForcedHealth.Down);
        Proxy.SetServerHealth("service", "s2", ForcedHealth.Down);
        var sorry = await AskAsync("/"); // I5-18
        Assert.Equal((503, "back at eight\n", "ours"), (sorry.Status, sorry.Text, sorry["x-page"]));
    }

    private async Task<WireOrigin> StartGatewayAsync()
    {
        var cart = Named("cart");
        await StartSampleAsync("api-gateway", cart, cart, Named("catalog"), Named("inventory"));
        return cart;
    }
}

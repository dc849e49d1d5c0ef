using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Stickiness;

/// <summary>ST-09: cookies that are made of what all gateways know of a server. Their values are compared with HAProxy's in the unit tests.</summary>
public sealed class DynamicCookieTests : ConfiguredTest
{
    private const string Config = """
        frontend f
            bind 127.0.0.1:0
            default_backend web
        backend web
            cookie LB insert indirect dynamic
            dynamic-cookie-key s3cret
            server s1 {s1}
            server s2 {s2}
        """;

    [Fact]
    public async Task Gateways_of_one_key_give_a_server_one_value_and_take_each_others()
    {
        WireOrigin[] origins = [Named("s1"), Named("s2")];
        await StartAsync(Config, origins);
        await using var other = Create(proxy => proxy.AddHAProxyConfig(Read(Config, origins)));
        await other.StartAsync(TestContext.Current.CancellationToken);
        await using var stranger = Create(proxy => proxy.AddHAProxyConfig(Read(Config.Replace("s3cret", "another", StringComparison.Ordinal), origins)));
        await stranger.StartAsync(TestContext.Current.CancellationToken);

        var (here, there, elsewhere) = (await CookiesAsync(Proxy), await CookiesAsync(other), await CookiesAsync(stranger));

        Assert.All(here.Values, static c => Assert.Matches("^LB=[0-9a-f]{16}; path=/$", c));
        Assert.Equal(2, here.Values.Distinct().Count());
        Assert.Equal(here, there);
        Assert.Empty(here.Values.Intersect(elsewhere.Values));
        foreach (var (server, cookie) in here)
        {
            for (var i = 0; i < 3; i++)
            {
                var response = await AskAsync(other, $"Cookie: {cookie.Split(';')[0]}");
                Assert.Equal((server, null), (response.Text, response["set-cookie"]));
            }
        }
    }

    /// <summary>What newcomers are told, by their servers.</summary>
    private async Task<SortedDictionary<string, string>> CookiesAsync(Proxy proxy)
    {
        var cookies = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var response = await AskAsync(proxy);
            cookies.Add(response.Text, response["set-cookie"] ?? "");
        }

        return cookies;
    }

    private async Task<WireMessage> AskAsync(Proxy proxy, params string[] fields)
    {
        await using var client = await ConnectAsync(proxy.EndPoints[0]!); // it listens
        await client.SendAsync(["GET / HTTP/1.1", "Host: a", .. fields, "", ""]);
        return await client.ReadResponseAsync();
    }

    private WireOrigin Named(string name) => Origin(exchange => exchange.AnswerOkAsync(name));
}

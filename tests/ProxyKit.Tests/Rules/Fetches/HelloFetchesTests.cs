using System.Net.Security;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class HelloFetchesTests
{
    private static readonly byte[] Full = Hello.Record(
        (35, []), Hello.Sni("H.ex"), Hello.Alpn("h2", "http/1.1"), Hello.Numbers(10, 0x1D, 0x17), Hello.Numbers(13, 0x0403, 0x0804), Hello.Keys(0x1D, 0x17));

    [Theory]
    [InlineData("req.ssl_hello_type", "1")]
    [InlineData("req_ssl_hello_type", "1")]
    [InlineData("req.ssl_sni", "H.ex")]
    [InlineData("req_ssl_sni", "H.ex")]
    [InlineData("req.ssl_alpn", "h2")]
    [InlineData("req.ssl_ver", "196611")]
    [InlineData("req_ssl_ver", "196611")]
    [InlineData("req.ssl_ec_ext", "1")]
    [InlineData("req.ssl_st_ext", "1")]
    [InlineData("req.ssl_cipherlist", "13021301")]
    [InlineData("req.ssl_supported_groups", "001D0017")]
    [InlineData("req.ssl_sigalgs", "04030804")]
    [InlineData("req.ssl_keyshare_groups", "001D0017")]
    public void Hello_tells_what_the_client_offers_once_it_is_complete(string expression, string expected)
    {
        Assert.Equal(expected, Fetching.Connection(Full).Inspect(expression));
        for (var length = 0; length < Full.Length; length++)
        {
            Assert.Equal("pending", Fetching.Connection(Full[..length]).Inspect(expression));
        }

        Assert.Equal("NS", Fetching.Connection(Full[..^1], hasAll: true).Inspect(expression));
    }

    [Fact]
    public void Hello_in_a_condition_gives_one_protocol_after_the_other() =>
        Assert.Equal("h2 | http/1.1", Fetching.Connection(Full).Tried("req.ssl_alpn"));

    [Theory]
    [InlineData("req.ssl_sni", "NS")]
    [InlineData("req.ssl_alpn", "NS")]
    [InlineData("req.ssl_ec_ext", "NS")]
    [InlineData("req.ssl_st_ext", "2")]
    [InlineData("req.ssl_supported_groups", "NS")]
    [InlineData("req.ssl_sigalgs", "NS")]
    [InlineData("req.ssl_keyshare_groups", "NS")]
    [InlineData("req.ssl_cipherlist", "13021301")]
    public void Hello_without_an_extension_has_no_sample_of_it(string expression, string expected) =>
        Assert.Equal(expected, Fetching.Connection(Hello.Record((35, [1, 2, 3]))).Inspect(expression));

    [Fact]
    public void Hello_without_a_ticket_extension_says_so() =>
        Assert.Equal("0", Fetching.Connection(Hello.Record(Hello.Sni("h.ex"))).Inspect("req.ssl_st_ext"));

    [Theory]
    [InlineData("474554202F20485454502F312E310D0A")] // GET / HTTP/1.1
    [InlineData("160200012C010001280303")] // before SSL 3.0
    [InlineData("160301012C020001280303")] // no ClientHello
    [InlineData("1603010005010001280303")] // too short for one
    public void Bytes_that_are_no_hello_are_no_sample(string received)
    {
        Assert.Equal("NS", Fetching.Connection(Convert.FromHexString(received)).Inspect("req.ssl_sni"));
        Assert.Equal("NS", Fetching.Connection(Convert.FromHexString(received)).Inspect("req.ssl_cipherlist"));
    }

    [Fact]
    public void Hello_in_two_records_is_waited_for_and_then_none()
    {
        byte[] message = Full[5..];
        byte[] split = [0x16, 3, 1, 0, 60, .. message[..60], 0x16, 3, 1, 0, (byte)(message.Length - 60), .. message[60..]];

        Assert.Equal("pending", Fetching.Connection(split[..70]).Inspect("req.ssl_sni"));
        Assert.Equal("NS", Fetching.Connection(split).Inspect("req.ssl_sni"));
    }

    [Fact]
    public void Hello_with_lengths_beyond_its_end_is_no_sample()
    {
        for (var at = 5; at < Full.Length; at++)
        {
            var broken = (byte[])Full.Clone();
            broken[at] = 0xFF;
            foreach (var expression in (string[])["req.ssl_sni", "req.ssl_alpn", "req.ssl_keyshare_groups", "req.ssl_cipherlist", "req.ssl_ver"])
            {
                _ = Fetching.Connection(broken).Tried(expression); // whatever it is, it is no exception
            }
        }
    }

    [Fact]
    public async Task Hello_of_a_real_client_is_read()
    {
        using var sent = new MemoryStream();
        await using var client = new SslStream(sent);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "real.example",
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }, TestContext.Current.CancellationToken));
        var context = Fetching.Connection(sent.ToArray());

        Assert.Equal("real.example", context.Inspect("req.ssl_sni"));
        Assert.Equal("h2 | http/1.1", context.Tried("req.ssl_alpn"));
        Assert.Equal("1", context.Inspect("req.ssl_hello_type"));
        Assert.Equal("1", context.Inspect("req.ssl_ec_ext"));
        Assert.Contains("1302", context.Inspect("req.ssl_cipherlist"), StringComparison.Ordinal);
        Assert.NotEqual("NS", context.Inspect("req.ssl_supported_groups"));
        Assert.NotEqual("NS", context.Inspect("req.ssl_sigalgs"));
        Assert.NotEqual("NS", context.Inspect("req.ssl_keyshare_groups"));
    }

    [Theory]
    [InlineData("802B01030100120000001000000100000200000300000400000500000600112233445566778899AABBCCDDEEFF", "196609")]
    [InlineData("802B0103010012000000100000010000020000030000040000050000060011", "pending")]
    [InlineData("802C01030100120000001000000100000200000300000400000500000600112233445566778899AABBCCDDEEFF", "NS")]
    [InlineData("80", "pending")]
    [InlineData("802B02", "NS")]
    public void Version_is_also_that_of_an_SSLv2_hello(string received, string expected) =>
        Assert.Equal(expected, Fetching.Connection(Convert.FromHexString(received)).Inspect("req.ssl_ver"));

    [Fact]
    public void Hello_of_the_server_is_that_of_response_rules()
    {
        var context = Fetching.Connection([]);
        context.IsInResponse = true;
        context.Responded = Convert.FromHexString("160303000602000002" + "0303");

        Assert.Equal("2", context.Inspect("res.ssl_hello_type"));
        Assert.Equal("2", context.Inspect("rep_ssl_hello_type"));
        context.Responded = context.Responded[..^1];
        Assert.Equal("pending", context.Inspect("res.ssl_hello_type"));
    }
}

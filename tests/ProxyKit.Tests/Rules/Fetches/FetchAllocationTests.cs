using System.Net;
using ProxyKit.Rules;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.UserLists;
using ProxyKit.Tests.Rules.UserLists;
using ProxyKit.Tests.Transport.Tls;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class FetchAllocationTests
{
    private static readonly RuleCompiler Compiler = new() { UserLists = new Dictionary<string, UserList> { ["U"] = UserListTests.Example() } };

    [Theory]
    [InlineData("method")]
    [InlineData("path")]
    [InlineData("pathq")]
    [InlineData("query")]
    [InlineData("url")]
    [InlineData("base")]
    [InlineData("base32")]
    [InlineData("base32+src")]
    [InlineData("urlp(id)")]
    [InlineData("req.ver")]
    [InlineData("req.hdr(x)")]
    [InlineData("req.hdr(x,-2)")]
    [InlineData("req.fhdr(x)")]
    [InlineData("req.hdr_cnt(x)")]
    [InlineData("req.hdr_val(x)")]
    [InlineData("req.hdr_ip(y)")]
    [InlineData("req.hdr_names")]
    [InlineData("req.cook(a)")]
    [InlineData("req.body")]
    [InlineData("req.body_len")]
    [InlineData("req.body_size")]
    [InlineData("req.body_param(a)")]
    [InlineData("http_auth(U)")]
    [InlineData("http_auth_bearer(x)")]
    [InlineData("capture.req.uri")]
    [InlineData("capture.req.hdr(0)")]
    [InlineData("src")]
    [InlineData("src_port")]
    [InlineData("dst")]
    [InlineData("dst_port")]
    [InlineData("fe_name")]
    [InlineData("be_name")]
    [InlineData("fe_conn")]
    [InlineData("txn.status")]
    [InlineData("date")]
    [InlineData("rand(10)")]
    [InlineData("uuid")]
    [InlineData("var(txn.x,d)")]
    [InlineData("ssl_fc")]
    [InlineData("req.proto_http")]
    public void Fetch_of_an_exchange_allocates_nothing(string expression)
    {
        var exchange = TestExchange.Of(
            "GET /p?id=1 HTTP/1.1", "Host: h.ex", "X: a, b, \"c,d\"", "Y: 10.0.0.1:80", "Cookie: a=1; b=2", "Authorization: Basic Ym9iOnB3").From("10.1.2.3");
        var context = exchange.Context;
        context.Session.Destination = new IPEndPoint(IPAddress.Parse("::ffff:10.0.0.1"), 80);
        context.RequestBody = "a=1"u8.ToArray();
        context.RequestCaptures.Set(0, "x"u8, 9);
        context.Host = new DescribedHost();
        context.Frontend = new FrontendFacts
        {
            Name = "f",
            Id = 1,
            DefaultBackend = null,
            Connections = static () => 1,
            ClientTimeout = null,
            TarpitTimeout = null,
        };
        Compiler.Frontend = context.Frontend;

        AssertAllocatesNothing(context, expression);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("res.hdr(x)")]
    [InlineData("res.cook(a)")]
    public void Fetch_of_a_response_allocates_nothing(string expression) =>
        AssertAllocatesNothing(TestExchange.For("/").Answered("HTTP/1.1 200 OK", "X: a, b", "Set-Cookie: a=1; Path=/").Context, expression);

    [Theory]
    [InlineData("req.len")]
    [InlineData("req.payload(0,3)")]
    [InlineData("req.ssl_hello_type")]
    [InlineData("req.ssl_sni")]
    public void Fetch_of_bytes_allocates_nothing(string expression) =>
        AssertAllocatesNothing(Fetching.Connection(Hello.Record(Hello.Sni("h.ex"))), expression);

    [Fact]
    public void Fetch_of_a_request_in_TCP_mode_allocates_nothing_once_it_was_read() =>
        AssertAllocatesNothing(Fetching.Connection("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray()), "path");

    [Fact]
    public async Task Fetch_of_a_TLS_connection_allocates_nothing()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };

        Assert.All(
            ["ssl_fc", "ssl_fc_sni", "ssl_fc_protocol", "ssl_fc_cipher", "ssl_fc_alg_keysize", "ssl_c_used", "ssl_c_verify", "ssl_f_sha1"],
            expression => AssertAllocatesNothing(context, expression));
    }

    [Fact]
    public async Task Fetch_of_a_clients_certificate_allocates_nothing()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true, certifiesClient: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };

        Assert.All(
            [
                "ssl_c_used", "ssl_c_verify", "ssl_c_s_dn", "ssl_c_s_dn(CN)", "ssl_c_i_dn(CN)", "ssl_c_r_dn(CN)", "ssl_c_serial", "ssl_c_sha1", "ssl_c_der",
                "ssl_c_chain_der", "ssl_c_notbefore", "ssl_c_notafter", "ssl_c_key_alg", "ssl_c_sig_alg", "ssl_c_version",
            ],
            expression => AssertAllocatesNothing(context, expression));
    }

    private static void AssertAllocatesNothing(RuleContext context, string expression)
    {
        var compiled = Fetching.Compile(expression, Compiler);
        Allocations.AssertNone(() => Ask(1_000));

        void Ask(int times)
        {
            for (var i = 0; i < times; i++)
            {
                context.Scratch.Reset();
                var sample = default(Sample);
                Assert.True(compiled.TryEvaluate(context, ref sample));
            }
        }
    }
}

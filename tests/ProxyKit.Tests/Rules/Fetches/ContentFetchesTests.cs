using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ContentFetchesTests
{
    [Theory]
    [InlineData("16030100", "req.len", "4?")]
    [InlineData("16030100", "req_len", "4?")]
    [InlineData("", "req.len", "0?")]
    [InlineData("16030100", "req.payload(0,3)", "160301")]
    [InlineData("16030100", "payload(1,3)", "030100")]
    [InlineData("16030100", "req.payload(0,5)", "pending")]
    [InlineData("16030100", "req.payload(4,1)", "pending")]
    [InlineData("16030100", "req.payload(9,0)", "pending")]
    [InlineData("16030100", "req.payload(2,0)", "0100?")]
    [InlineData("16030100", "req.payload(4,0)", "?")]
    [InlineData("16030100", "req.payload(16384,1)", "NS")]
    [InlineData("16030100", "req.payload(0,16385)", "NS")]
    [InlineData("16030100", "req.payload(9223372036854775807,1)", "NS")]
    [InlineData("0361626364", "req.payload_lv(0,1)", "616263")]
    [InlineData("0361626364", "payload_lv(0,1)", "616263")]
    [InlineData("0361626364", "req.payload_lv(0,1,+1)", "626364")]
    [InlineData("0361626364", "req.payload_lv(0,1,-1)", "036162")]
    [InlineData("0361626364", "req.payload_lv(0,1,2)", "626364")]
    [InlineData("0361626364", "req.payload_lv(0,1,+2)", "pending")]
    [InlineData("0361", "req.payload_lv(0,1)", "pending")]
    [InlineData("0003616263", "req.payload_lv(0,2)", "616263")]
    [InlineData("0003616263", "req.payload_lv(0,1)", "NS")]
    [InlineData("FFFF616263", "req.payload_lv(0,2)", "NS")]
    [InlineData("00", "req.payload_lv(0,2)", "pending")]
    [InlineData("16030100", "res.len", "NS")]
    [InlineData("16030100", "res.payload(0,1)", "NS")]
    [InlineData("16030100", "wait_end", "pending")]
    public void Bytes_are_those_that_have_come(string received, string expression, string expected) =>
        Assert.Equal(expected, Fetching.Connection(Convert.FromHexString(received)).Inspect(expression));

    [Fact]
    public void Bytes_that_will_not_come_are_no_sample()
    {
        var context = Fetching.Connection("ab"u8.ToArray(), hasAll: true);

        Assert.Equal("NS", context.Inspect("req.payload(0,3)"));
        Assert.Equal("6162", context.Inspect("req.payload(0,0)"));
        Assert.Equal("2", context.Inspect("req.len"));
        Assert.Equal("1", context.Inspect("wait_end"));
    }

    [Fact]
    public void Bytes_of_the_server_are_those_of_response_rules()
    {
        var context = Fetching.Connection("ab"u8.ToArray());
        context.Responded = "SSH-2"u8.ToArray();
        context.IsInResponse = true;

        Assert.Equal("5?", context.Inspect("res.len"));
        Assert.Equal("535348", context.Inspect("payload(0,3)"));
        Assert.Equal("535348", context.Inspect("res.payload(0,3)"));
        Assert.Equal("NS", context.Inspect("req.len"));
        Assert.Equal("NS", context.Inspect("req.payload(0,1)"));
        Assert.Equal("NS", context.Inspect("req.ssl_sni"));
    }

    [Fact]
    public void Bytes_of_an_HTTP_exchange_are_no_sample()
    {
        var exchange = TestExchange.For("/");

        Assert.Null(exchange.Ask("req.len"));
        Assert.Null(exchange.Ask("req.payload(0,1)"));
        Assert.Null(exchange.Ask("req.ssl_sni"));
        Assert.Null(exchange.Ask("req.rdp_cookie"));
        Assert.Equal("1", exchange.Ask("wait_end"));
    }

    [Theory]
    [InlineData("req.payload(0)")]
    [InlineData("req.payload(-1,1)")]
    [InlineData("req.payload_lv(0,0)")]
    [InlineData("req.payload_lv(0,1,-2)")]
    [InlineData("req.payload_lv(0,1,x)")]
    [InlineData("distcc_param")]
    [InlineData("distcc_param(DIS)")]
    [InlineData("distcc_param(DISTX)")]
    [InlineData("distcc_body(DIST,-1)")]
    public void Faulty_arguments_are_refused(string expression) =>
        Assert.Throws<RuleFaultException>(() => Fetching.Connection([]).Ask(expression));

    [Theory]
    [InlineData("Cookie: mstshash=bob\r\n", "mstshash", "bob", "1")]
    [InlineData("cOOKIE:   MSTSHASH=bob\r\n", "mstshash", "bob", "1")]
    [InlineData("Cookie: mstshash=bob\r\n", "", "bob", "1")]
    [InlineData("Cookie: other=bob\r\n", "mstshash", "NS", "0")]
    [InlineData("Cookie: mstshash=\r\n", "mstshash", "", "1")]
    [InlineData("Cookie: mstshash=bob\rx", "mstshash", "NS", "0")]
    [InlineData("Cookie: no equal\r\n", "", "NS", "0")]
    [InlineData("Something else here\r\n", "mstshash", "NS", "0")]
    [InlineData("Cookie: mstshash=bob\r", "mstshash", "pending", "pending")]
    [InlineData("Cookie: mstshash=bob", "mstshash", "pending", "pending")]
    [InlineData("Cookie: msts", "mstshash", "pending", "pending")]
    [InlineData("Cookie: msts", "", "pending", "pending")]
    [InlineData("Cook", "mstshash", "pending", "pending")]
    public void Cookie_of_a_remote_desktop_stands_behind_its_headers(string text, string name, string cookie, string count)
    {
        byte[] bytes = [3, 0, 0, 42, 37, 0xE0, 0, 0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(text)];
        var argument = name.Length == 0 ? "" : $"({name})";

        Assert.Equal(cookie, Fetching.Connection(bytes).Inspect($"req.rdp_cookie{argument}"));
        Assert.Equal(cookie, Fetching.Connection(bytes).Inspect($"rdp_cookie{argument}"));
        Assert.Equal(count, Fetching.Connection(bytes).Inspect($"req.rdp_cookie_cnt{argument}"));
    }

    [Theory]
    [InlineData("DIST", "distcc_param(DIST)", "pending")]
    [InlineData("DIST0000000", "distcc_param(DIST)", "pending")]
    [InlineData("DIST0000000A", "distcc_param(DIST)", "10")]
    [InlineData("DIST0000000a", "distcc_param(DIST)", "10")]
    [InlineData("DIST0000000x", "distcc_param(DIST)", "NS")]
    [InlineData("DIST   00001", "distcc_param(DIST)", "NS")]
    [InlineData("DISTFFFFFFFF", "distcc_param(DIST)", "4294967295")]
    [InlineData("DIST00000001ARGC00000002", "distcc_param(ARGC)", "2")]
    [InlineData("DIST00000001ARGC00000002", "distcc_param(ARGV)", "pending")]
    [InlineData("DIST00000001ARGC00000002", "distcc_param(DIST,2)", "pending")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_param(ARGV)", "2")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_param(ARGV,0)", "2")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_param(ARGV,1)", "2")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_param(ARGV,2)", "3")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_body(ARGV)", "6363")]
    [InlineData("ARGV00000002ccARGV00000003-c1", "distcc_body(ARGV,2)", "2D6331")]
    [InlineData("ARGV00000002ccARGV00000003-c", "distcc_body(ARGV,2)", "pending")]
    [InlineData("ARGV00000002ccARGV00000003-c", "distcc_param(ARGV,2)", "3")]
    [InlineData("ARGV00000002ccARGV00000003-c", "distcc_param(ARGV,3)", "pending")]
    [InlineData("ARGV00000000DOTI00000001x", "distcc_body(ARGV)", "")]
    [InlineData("DIST00000002NFIL00000002DONE00000002STAT00000002ARGV00000001v", "distcc_body(ARGV)", "76")]
    [InlineData("DIST00000002", "distcc_body(DIST)", "NS")]
    [InlineData("CDIR00000002/aNAME00000002nn????00000002??ARGV00000001v", "distcc_body(ARGV)", "76")]
    [InlineData("CDIR00000002/aNAME00000004nn", "distcc_body(ARGV)", "pending")]
    [InlineData("CDIR00000002/aNAME00000004nn", "distcc_param(NAME)", "4")]
    [InlineData("DOTI00100000int main", "distcc_param(DOTI)", "1048576")]
    [InlineData("GET / HTTP/1.1\r\n", "distcc_param(DIST)", "NS")]
    public void Tokens_of_a_distributed_compilation_are_gone_through(string received, string expression, string expected) =>
        Assert.Equal(expected, Fetching.Connection(System.Text.Encoding.ASCII.GetBytes(received)).Inspect(expression));

    [Fact]
    public void Body_of_a_token_is_cut_where_no_more_will_come()
    {
        var context = Fetching.Connection("DOTI00100000int"u8.ToArray(), hasAll: true);

        Assert.Equal("696E74", context.Inspect("distcc_body(DOTI)"));
        Assert.Equal("NS", context.Inspect("distcc_param(DOTI,2)"));
    }

    [Fact]
    public void Tokens_of_the_server_are_those_of_response_rules()
    {
        var context = Fetching.Connection("DIST00000001"u8.ToArray());
        context.Responded = "DONE00000002"u8.ToArray();
        context.IsInResponse = true;

        Assert.Equal("2", context.Inspect("distcc_param(DONE)"));
        Assert.Equal("pending", context.Inspect("distcc_param(DIST)"));
    }
}

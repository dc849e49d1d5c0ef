using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Tests.Rules.Explaining;

public sealed class ExampleRequestTests
{
    [Theory]
    [InlineData("GET http://a.example/b?c=1#d", "GET /b?c=1 HTTP/1.1|Host: a.example||", 80, false, null)]
    [InlineData("https://a.example:8443", "GET / HTTP/1.1|Host: a.example:8443||", 8443, true, "a.example")]
    [InlineData("POST https://[::1]/x", "POST /x HTTP/1.1|Host: [::1]||", 443, true, null)]
    [InlineData("http://a.example?q", "GET /?q HTTP/1.1|Host: a.example||", 80, false, null)]
    [InlineData("/only/a/path", "GET /only/a/path HTTP/1.1||", null, null, null)]
    [InlineData("OPTIONS *", "OPTIONS * HTTP/1.1||", null, null, null)]
    [InlineData("CONNECT a.example:443", "CONNECT a.example:443 HTTP/1.1|Host: a.example:443||", null, null, null)]
    public void Line_is_taken_apart_into_a_request(string line, string wire, int? port, bool? isSecure, string? serverName)
    {
        var request = ExampleRequest.Parse(line);

        Assert.Equal(wire, Encoding.UTF8.GetString(request.ToBytes()).Replace("\r\n", "|", StringComparison.Ordinal));
        Assert.Equal((port, isSecure, serverName), (request.Port, request.IsSecure, request.ServerName));
    }

    [Theory]
    [InlineData("", "a request is a method and a URL")]
    [InlineData("GET http://a/b c", "has more than a method and a URL")]
    [InlineData("ftp://a/", "is no URL")]
    [InlineData("http:///", "is no host")]
    [InlineData("http://user@a/", "is no host")]
    [InlineData("http://a:0/", "'0' is no port")]
    [InlineData("http://a:\u001b/", "'\\x1B' is no port")]
    public void Line_that_is_no_request_is_refused_with_its_reason(string line, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => ExampleRequest.Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Line_end_in_a_field_is_refused()
    {
        var request = new ExampleRequest { Headers = { new("X", "a\r\nHost: b") } };

        Assert.Contains("has a line end in it", Assert.Throws<FormatException>(request.ToBytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_says_its_length_unless_a_field_does()
    {
        var request = new ExampleRequest { Body = "abc"u8.ToArray(), Protocol = HttpProtocol.Http10 };

        Assert.Equal("GET / HTTP/1.0\r\nContent-Length: 3\r\n\r\n", Encoding.ASCII.GetString(request.ToBytes()));
        request.Headers.Add(new("content-length", "5"));
        Assert.Equal("GET / HTTP/1.0\r\ncontent-length: 5\r\n\r\n", Encoding.ASCII.GetString(request.ToBytes()));
    }
}

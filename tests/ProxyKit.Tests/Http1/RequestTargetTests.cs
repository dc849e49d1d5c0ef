using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Tests.Http1;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/a", "/a", "")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?b", "/a", "b")]
    [InlineData("/a?b?c", "/a", "b?c")]
    [InlineData("//a/b", "//a/b", "")]
    [InlineData("/http://a/?b", "/http://a/", "b")]
    [InlineData("/a%00%2e/..;x\"<>\\^`{|}", "/a%00%2e/..;x\"<>\\^`{|}", "")]
    public void The_origin_form_is_path_and_query(string target, string path, string query)
    {
        var head = RequestReading.Accepted($"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n").Head;

        Assert.Equal((TargetForm.Origin, target, path, query, ""),
            (head.Form, head.Target, head.Path, head.Query, Encoding.Latin1.GetString(head.AuthorityBytes)));
    }

    [Theory]
    [InlineData("http://h/a?b", "http://h/a?b", "/a", "b", "h")]
    [InlineData("HTTP://H/", "HTTP://H/", "/", "", "H")]
    [InlineData("http://h:8080/", "http://h:8080/", "/", "", "h:8080")]
    [InlineData("http://h:80/a", "http://h/a", "/a", "", "h")]
    [InlineData("https://h:443/a?b", "https://h/a?b", "/a", "b", "h")]
    [InlineData("https://h:80/", "https://h:80/", "/", "", "h:80")]
    [InlineData("http://h:/", "http://h/", "/", "", "h")]
    [InlineData("http://h", "http://h/", "/", "", "h")]
    [InlineData("http://h:80", "http://h/", "/", "", "h")]
    [InlineData("http://h?a/b?c", "http://h/?a/b?c", "/", "a/b?c", "h")]
    [InlineData("http://h:80?", "http://h/?", "/", "", "h")]
    [InlineData("http://u:p@h:80/", "http://u:p@h/", "/", "", "h")]
    [InlineData("http://u@h/a@b", "http://u@h/a@b", "/a@b", "", "h")]
    [InlineData("http://[::1]:80/", "http://[::1]/", "/", "", "[::1]")]
    [InlineData("http://[::1]/", "http://[::1]/", "/", "", "[::1]")]
    [InlineData("ws://h:80/", "ws://h:80/", "/", "", "h:80")]
    [InlineData("a+b-c.9://h/", "a+b-c.9://h/", "/", "", "h")]
    [InlineData("http://h/http://i/", "http://h/http://i/", "/http://i/", "", "h")]
    public void The_absolute_form_is_kept_in_its_normal_form(
        string target, string forwarded, string path, string query, string authority)
    {
        var reading = RequestReading.Accepted($"GET {target} HTTP/1.1\r\nX: y\r\n\r\n");

        Assert.Equal((TargetForm.Absolute, forwarded, path, query, authority),
            (reading.Head.Form, reading.Head.Target, reading.Head.Path, reading.Head.Query, reading.Head.Host));
        Assert.Equal($"GET {forwarded} HTTP/1.1\r\nX: y\r\n\r\n", reading.Forwarded);
        Assert.Equal(target != forwarded, reading.Head.RewrittenTarget is not null);
    }

    [Theory]
    [InlineData("http://h/", "h", "h")]
    [InlineData("http://h/", "H", "H")]
    [InlineData("http://h:80/", "h", "h")]
    [InlineData("http://h/", "h:80", "h")]
    [InlineData("http://h:80/", "h:80", "h")]
    [InlineData("https://h/", "h:443", "h")]
    [InlineData("http://h/", "h:", "h")]
    [InlineData("http://u@h:8080/", "h:8080", "h:8080")]
    [InlineData("http://[::1]/", "[::1]:80", "[::1]")]
    public void An_absolute_target_and_its_host_agree_without_the_default_port(string target, string host, string forwarded)
    {
        var reading = RequestReading.Accepted($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Contains($"\r\nHost: {forwarded}\r\n", reading.Forwarded, StringComparison.Ordinal);
        Assert.Equal(forwarded, reading.Head.Host);
    }

    [Theory]
    [InlineData("http://h", "http://h", "")]
    [InlineData("http://h:80", "http://h", "")]
    [InlineData("http://h/", "http://h/", "/")]
    [InlineData("http://h?a", "http://h/?a", "/")]
    public void An_absolute_options_keeps_its_empty_path_which_means_the_star(string target, string forwarded, string path)
    {
        var head = RequestReading.Accepted($"OPTIONS {target} HTTP/1.1\r\n\r\n").Head;

        Assert.Equal((forwarded, path), (head.Target, head.Path));
    }

    [Fact]
    public void The_star_is_for_options()
    {
        var head = RequestReading.Accepted("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").Head;

        Assert.Equal((TargetForm.Asterisk, "*", "*", ""), (head.Form, head.Target, head.Path, head.Query));
    }

    [Theory]
    [InlineData("a:443", "a:443")]
    [InlineData("a:443", "A")]
    [InlineData("a:80", "a")]
    [InlineData("a:443", "a:")]
    [InlineData("a:8443", "a:8443")]
    [InlineData("[::1]:443", "[::1]:443")]
    public void The_authority_form_is_for_connect(string target, string host)
    {
        var head = RequestReading.Accepted($"CONNECT {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").Head;

        Assert.Equal((TargetForm.Authority, target, "", "", target),
            (head.Form, head.Target, head.Path, head.Query, Encoding.Latin1.GetString(head.AuthorityBytes)));
    }

    [Fact]
    public void A_host_is_the_authority_where_there_is_no_field() =>
        Assert.Equal("a:443", RequestReading.Accepted("CONNECT a:443 HTTP/1.1\r\n\r\n").Head.Host);
}

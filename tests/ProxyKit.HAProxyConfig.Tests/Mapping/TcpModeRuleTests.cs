namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>Rules about HTTP in proxies that relay TCP.</summary>
public sealed class TcpModeRuleTests
{
    private const string Text = """
        defaults d
            mode tcp
            timeout client 1s
            timeout server 1s
            timeout connect 1s
        frontend f
            bind :80
            tcp-request content accept
            http-request deny
            http-request set-header x y
            http-response set-header x y
            http-after-response set-header x y
            redirect location /x
            default_backend b
        backend b
            http-request deny
            server s 10.0.0.1:80

        """;

    [Theory]
    [InlineData("tcp-request content switch-mode http if HTTP", null)]
    [InlineData("tcp-request content switch-mode http proto h1", null)]
    [InlineData("tcp-request content switch-mode http proto h2", "'proto h2' is not supported yet: clients speak HTTP/1")]
    [InlineData("tcp-request content switch-mode tcp", "expects 'http' (got 'tcp')")]
    [InlineData("tcp-request content accept", "tries to use incompatible http backend 'web'")]
    public void Frontend_that_switches_may_lead_to_HTTP(string line, string? fault)
    {
        var alerts = Reading.Of(
            $"frontend f\n mode tcp\n bind :80\n timeout client 1s\n {line}\n use_backend web if HTTP\n"
            + "backend web\n mode http\n timeout connect 1s\n timeout server 1s\n server s 10.0.0.1:80\n").Alerts();

        Assert.Equal(fault is null, !alerts.Any());
        Assert.Contains(fault ?? "", string.Join('\n', alerts), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_left_out_with_one_warning_each_at_their_first_line() => Assert.Equal(
        [
            "parsing [a.cfg:9] : 'http-request' rules ignored for frontend 'f' as they require HTTP mode.",
            "parsing [a.cfg:11] : 'http-response' rules ignored for frontend 'f' as they require HTTP mode.",
            "parsing [a.cfg:12] : 'http-after-response' rules ignored for frontend 'f' as they require HTTP mode.",
            "parsing [a.cfg:13] : 'redirect' rules ignored for frontend 'f' as they require HTTP mode.",
            "parsing [a.cfg:16] : 'http-request' rules ignored for backend 'b' as they require HTTP mode.",
        ],
        Reading.Of(Text).Warnings().Where(static w => w.Contains("HTTP mode", StringComparison.Ordinal)).Select(static w => w[w.IndexOf("parsing", StringComparison.Ordinal)..]));

    [Fact]
    public void Rules_about_connections_stay()
    {
        var options = Reading.Of(Text).Options!;

        var (front, back) = (options.Frontends[0].Rules, options.Backends[0].Rules);
        Assert.Single(front.Content);
        Assert.Equal(0, front.Request.Count + front.Response.Count + front.AfterResponse.Count + back.Request.Count);
    }

    [Fact]
    public void Rules_that_come_from_defaults_are_told_of_too()
    {
        var result = Reading.Of("defaults d\nmode tcp\ntimeout client 1s\nhttp-request deny\nfrontend f from d\nbind :80\n");

        Assert.Contains(result.Warnings(), static w => w.Contains("[a.cfg:4] : 'http-request' rules ignored for frontend 'f'", StringComparison.Ordinal));
        Assert.Empty(result.Options!.Frontends[0].Rules.Request);
    }
}

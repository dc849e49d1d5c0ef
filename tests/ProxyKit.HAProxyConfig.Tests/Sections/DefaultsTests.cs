namespace ProxyKit.HAProxyConfig.Tests.Sections;

public sealed class DefaultsTests
{
    [Fact]
    public void Proxy_starts_from_the_last_defaults_above_it()
    {
        var result = Valid(
            """
            defaults
                timeout client 1s
            frontend a
                bind :1
            defaults
                timeout client 2s
            frontend b
                bind :2

            """);

        Assert.Equal([1, 2], result.Frontends.Select(static f => f.ClientTimeout!.Value.TotalSeconds));
    }

    [Fact]
    public void Defaults_start_from_nothing_unless_they_say_so()
    {
        var result = Valid(
            """
            defaults one
                mode http
                timeout client 1s
            defaults two
                timeout client 2s
            defaults three from one
                timeout http-request 3s
            frontend a
                bind :1
            frontend b from two
                bind :2
            frontend c from one
                bind :3

            """);

        Assert.Equal([ProxyMode.Http, ProxyMode.Tcp, ProxyMode.Http], result.Frontends.Select(static f => f.Mode));
        Assert.Equal([1, 2, 1], result.Frontends.Select(static f => f.ClientTimeout!.Value.TotalSeconds));
        Assert.Equal([TimeSpan.FromSeconds(3), null, null], result.Frontends.Select(static f => f.RequestHeadTimeout));
    }

    [Fact]
    public void Own_lines_replace_inherited_ones()
    {
        var result = Valid(
            """
            global
                log 127.0.0.1 local0
            defaults
                mode http
                timeout client 1s
                timeout connect 1s
                timeout server 1s
                option abortonclose
                option http-server-close
                option forwardfor
                log global
                balance leastconn
                retries 5
            listen a
                mode tcp
                bind :1
                no option http-server-close
                no log
                balance roundrobin
                server s 10.0.0.1:80
            listen b
                bind :2
                server s 10.0.0.1:80

            """);

        var (a, b) = (result.Frontends[0], result.Frontends[1]);
        Assert.Equal((ProxyMode.Tcp, false, ConnectionMode.KeepAlive, false), (a.Mode, a.AccessLog, a.ConnectionMode, a.ForwardedFor is not null)); // of TCP there is none
        Assert.Equal((ProxyMode.Http, true, ConnectionMode.ServerClose, true), (b.Mode, b.AccessLog, b.ConnectionMode, b.ForwardedFor is not null));
        Assert.Equal(["roundrobin", "leastconn"], result.Backends.Select(static x => x.Balance.Name));
        Assert.Equal([5, 5], result.Backends.Select(static x => x.Retries));
        Assert.Equal([false, true], result.Backends.Select(static x => x.CloseServerConnections));
    }

    [Fact]
    public void Default_server_is_merged_word_by_word_into_later_servers()
    {
        var backend = Reading.Backend(
            """
            default-server weight 5
            server a 10.0.0.1:80
            default-server backup max-reuse 3
            server b 10.0.0.2:80 weight 7
            server c 10.0.0.3:80 no-backup
            """);

        Assert.Equal([5, 7, 5], backend.Servers.Select(static s => s.Weight));
        Assert.Equal([false, true, false], backend.Servers.Select(static s => s.IsBackup));
        Assert.Equal([null, 3, 3], backend.Servers.Select(static s => s.MaxReuse));
    }

    [Fact]
    public void Default_server_is_inherited()
    {
        var result = Valid(
            """
            defaults
                timeout client 1s
                timeout connect 1s
                timeout server 1s
                default-server weight 9 pool-max-conn 4
            backend a
                default-server weight 8
                server s 10.0.0.1:80
            backend b
                server s 10.0.0.1:80
            frontend f
                bind :1

            """);

        Assert.Equal([8, 9], result.Backends.Select(static b => b.Servers[0].Weight));
        Assert.Equal([4, 4], result.Backends.Select(static b => b.Servers[0].MaxIdleConnections));
    }

    [Fact]
    public void Section_that_is_both_named_and_used_unnamed_is_warned_of()
    {
        var result = Reading.Of("defaults d\ntimeout client 1s\nfrontend a\nbind :1\nfrontend b from d\nbind :2\n");

        Assert.True(result.IsValid);
        Assert.Equal(
            "parsing [a.cfg:5] : defaults section 'd' (a.cfg:1) is explicitly referenced by frontend 'b' and implicitly used by frontend 'a'.", Assert.Single(result.Warnings()));
    }

    [Theory]
    [InlineData("listen l from d\nbind :1\n", "parsing [a.cfg:3] : listen 'l' cannot start from defaults 'd', which has rules: they would run twice (see a.cfg:2).")]
    [InlineData("frontend f from d\nbind :1\nbackend b from d\n", "parsing [a.cfg:5] : frontend 'f' and backend 'b' cannot both start from defaults 'd', which has rules (see a.cfg:2).")]
    public void Rules_in_defaults_run_at_one_place_only(string proxies, string message)
    {
        Assert.Contains(message, Reading.Of($"defaults d\nhttp-request allow\n{proxies}").Alerts());
    }

    [Fact]
    public void Rules_of_defaults_run_before_the_proxys_own()
    {
        var result = Valid(
            """
            defaults d
                mode http
                timeout client 1s
                http-request sc-inc-gpc0(0)
            frontend f from d
                bind :1
                http-request sc-inc-gpc1(1)
                http-response sc-inc-gpc0

            """);

        var rules = Assert.Single(result.Frontends).Rules;
        Assert.Equal(["sc-inc-gpc0(0)", "sc-inc-gpc1(1)"], rules.Request.Select(static r => r.Action.ToString()));
        Assert.Equal(["a.cfg:4", "a.cfg:7"], rules.Request.Select(static r => r.Origin));
        Assert.Equal("sc-inc-gpc0(0)", Assert.Single(rules.Response).Action.ToString());
    }

    private static ProxyOptions Valid(string text)
    {
        var result = Reading.Of(text);
        Assert.True(result.IsValid, result.ToString());
        return result.Options;
    }
}

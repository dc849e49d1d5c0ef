using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

public sealed class ResolversTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";
    private const string Backend = "backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n";

    [Fact]
    public void Section_becomes_options()
    {
        var options = Resolvers(
            "nameserver one 10.0.0.53:53\nnameserver two tcp@10.0.0.54:5353\nnameserver six udp6@[2001:db8::53]:53\nparse-resolv-conf\n"
            + "resolve_retries 5\naccepted_payload_size 8192\ntimeout resolve 2s\ntimeout retry 300ms\n"
            + "hold valid 1s\nhold obsolete 2s\nhold nx 3s\nhold refused 4s\nhold timeout 5s\nhold other 6s\n");

        Assert.Equal(
            [("one", "10.0.0.53:53", false), ("two", "10.0.0.54:5353", true), ("six", "[2001:db8::53]:53", false)],
            options.Nameservers.Select(static n => (n.Name, n.Address, n.UsesTcp)));
        Assert.Equal("/etc/resolv.conf", options.ResolvConfPath);
        Assert.Equal((5, 8192), (options.Attempts, options.MaxPayloadBytes));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(300)), (options.RefreshInterval, options.RetryTimeout));
        Assert.Equal(
            [1, 2, 3, 4, 5, 6],
            new[] { options.HoldValid, options.HoldObsolete, options.HoldNotFound, options.HoldRefused, options.HoldTimedOut, options.HoldOther }.Select(static t => t.TotalSeconds));
    }

    [Theory]
    [InlineData("nameserver one 10.0.0.53", "parsing [a.cfg:2] : 'nameserver one' : '10.0.0.53' is not an IP address and a port.")]
    [InlineData("nameserver one host:53", "parsing [a.cfg:2] : 'nameserver one' : 'host:53' is not an IP address and a port.")]
    [InlineData("nameserver one unix@/run/dns", "parsing [a.cfg:2] : 'nameserver one' : 'unix@/run/dns' is not supported: an IP address and a port are.")]
    [InlineData("nameserver a 1.1.1.1:53\nnameserver a 1.1.1.2:53", "parsing [a.cfg:3] : 'nameserver' : there is one of the name 'a' already.")]
    [InlineData("accepted_payload_size 100", "parsing [a.cfg:2] : 'accepted_payload_size' expects an integer from 512 to 65535 (got '100').")]
    [InlineData("timeout retry 0", "parsing [a.cfg:2] : 'timeout retry' expects a time above 0 (got '0').")]
    public void Fault_is_told(string line, string message) => Assert.Equal(message, Reading.Alert($"resolvers dns\n{line}\n{Frontend}"));

    [Fact]
    public void Section_without_nameservers_is_warned_of() => Assert.Contains(
        "resolvers 'dns' [a.cfg:1] has no nameservers configured!", Assert.Single(Reading.Of($"resolvers dns\n{Frontend}").Warnings()), StringComparison.Ordinal);

    [Fact]
    public void Server_is_looked_up_as_it_says()
    {
        var server = Server("server s web.example:80 resolvers dns resolve-prefer ipv4 resolve-net 10.1.2.3/8,10.2.3.4/255.255.0.0,2001:db8::1 resolve-opts allow-dup-ip,ignore-weight init-addr 192.0.2.1");

        var resolution = server.Resolution!;
        Assert.Equal("web.example:80", server.Address);
        Assert.Equal(("dns", AddressPreference.IPv4, "192.0.2.1"), (resolution.Resolvers, resolution.Prefer, resolution.InitialAddress));
        Assert.Equal(["10.0.0.0/8", "10.2.0.0/16", "2001:db8::1/128"], resolution.PreferredNetworks);
        Assert.True(resolution is { AllowsSameAddress: true, IgnoresWeight: true });
    }

    [Theory]
    [InlineData("init-addr none check")]
    [InlineData("init-addr none resolve-net 10.0.0.0/8 check")]
    [InlineData("init-addr none resolve-opts allow-dup-ip check")]
    public void Parameter_behind_a_list_counts_too(string parameters) => Assert.NotNull(Server($"server s none.invalid:80 resolvers dns {parameters}").Check);

    [Theory]
    [InlineData("auto", AcceptedAddresses.All)]
    [InlineData("ipv4", AcceptedAddresses.IPv4)]
    [InlineData("ipv6", AcceptedAddresses.IPv6)]
    [InlineData("ipv4,ipv6", AcceptedAddresses.All)]
    public void Addresses_of_all_resolvers_are_of_the_accepted_kind(string word, AcceptedAddresses accepts)
    {
        var options = HAProxyConfiguration.Parse($"global\ndns-accept-family {word}\nresolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}{Backend}server s 10.0.0.1:80\n").GetOptionsOrThrow();

        Assert.Equal(accepts, Assert.Single(options.Resolvers).Accepts);
    }

    [Fact]
    public void First_address_is_of_the_accepted_kind() =>
        Assert.Equal("127.0.0.1", Server("server s localhost:80 resolvers dns", "global\ndns-accept-family ipv4\n").Resolution!.InitialAddress);

    [Fact]
    public void First_address_is_the_one_that_the_system_knows() =>
        Assert.True(Server("server s localhost:80 resolvers dns").Resolution!.InitialAddress is "127.0.0.1" or "::1");

    [Fact]
    public void Name_that_the_system_does_not_know_is_told()
    {
        var result = HAProxyConfiguration.Parse($"resolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}{Backend}server s none.invalid:80 resolvers dns\n");

        Assert.Contains("could not resolve address 'none.invalid'", Assert.Single(result.Alerts()), StringComparison.Ordinal);
    }

    [Fact]
    public void Server_without_a_first_address_may_wait_for_one() =>
        Assert.Null(Server("server s none.invalid:80 resolvers dns init-addr last,none").Resolution!.InitialAddress);

    [Fact]
    public void Address_is_not_looked_up() => Assert.Null(Server("server s 127.0.0.1:80 resolvers dns").Resolution);

    [Fact]
    public void Service_needs_no_port() => Assert.Equal("_http._tcp.example", Server("server-template s 2 _http._tcp.example resolvers dns").Address);

    [Fact]
    public void Service_needs_resolvers() => Assert.Contains(
        "'_http._tcp.example' is a service, which only 'resolvers' can look up",
        Reading.Alert($"{Frontend}{Backend}server s _http._tcp.example\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Resolvers_that_are_not_there_are_told() => Assert.Contains(
        "unable to find required resolvers 'dnss' of 'server b/s'",
        Reading.Alert($"resolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}{Backend}server s a.example:80 resolvers dnss init-addr none\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("do-resolve(txn.a,dns) path", "do-resolve(txn.a,dns) path")]
    [InlineData("do-resolve(txn.a,dns,ipv4) path", "do-resolve(txn.a,dns,ipv4) path")]
    [InlineData("do-resolve(txn.a,dns,ipv6) path", "do-resolve(txn.a,dns) path")]
    public void Action_is_read(string written, string read)
    {
        var result = Reading.Of($"resolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}http-request {written}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(read, result.Options.Frontends[0].Rules.Request[0].Action.ToString());
    }

    [Theory]
    [InlineData("do-resolve(txn.a) path", "expects a variable and resolvers between brackets")]
    [InlineData("do-resolve(txn.a,dns,ipv5) path", "expects 'ipv4' or 'ipv6' (got 'ipv5')")]
    [InlineData("do-resolve(txn.a,dns)", "missing <expr>")]
    public void Fault_of_the_action_is_told(string written, string fault) =>
        Assert.Contains(fault, Reading.Alert($"resolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}http-request {written}\n"), StringComparison.Ordinal);

    private static ResolversOptions Resolvers(string lines)
    {
        var result = Reading.Of($"resolvers dns\n{lines}{Frontend}");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.Resolvers);
    }

    private static Backends.ServerOptions Server(string line, string global = "")
    {
        var result = HAProxyConfiguration.Parse($"{global}resolvers dns\nnameserver a 1.1.1.1:53\n{Frontend}{Backend}{line}\n"); // which asks the system for names
        Assert.True(result.IsValid, result.ToString());
        return result.Options.Backends[0].Servers[0];
    }
}

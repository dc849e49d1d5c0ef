using System.Security.Authentication;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Checks;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Runtime;
using ProxyKit.Testing;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Runtime;

public sealed class ProxyOptionsValidatorTests
{
    [Fact]
    public void A_whole_configuration_has_no_fault()
    {
        using var authority = new TestAuthority();

        Assert.Empty(Faults(p => p
            .AddFrontend("public", f => f
                .Bind("*:8080")
                .Bind("127.0.0.1:8080")
                .Bind("[::1]:0")
                .Bind("[::1]:0")
                .Bind("unix@/run/gateway.sock")
                .Bind("*:8443", b => b.Tls(authority.Issue()).Backlog(1))
                .MaxConnections(1)
                .ClientTimeout(null)
                .Route(Match.Path("/api/*"), to: "api")
                .DefaultBackend("web"))
            .AddFrontend("lines", f => f.Mode(ProxyMode.Tcp).Bind("*:7000").DefaultBackend("lines"))
            .AddFrontend("web", f => f.Bind("*:8081")) // a backend of the same name is somebody else
            .AddBackend("web", b => b
                .Retries(100)
                .AddServer("s1", "10.0.0.1:80", s => s.Weight(0).Source("10.0.0.9"))
                .AddServer("s2", "web.internal:80", s => s.Weight(256).Source("10.0.0.9:1234").MaxIdleConnections(0)))
            .AddBackend("api", b => b.AddServer("s1", "[::1]:80", s => s.Tls(tls => (tls.CaPath, tls.HostName) = (authority.CaPath, "a.example"))))
            .AddBackend("lines", b => b.Mode(ProxyMode.Tcp))
            .DrainTimeout(TimeSpan.Zero)
            .MaxConnections(1)));
    }

    [Fact]
    public void Every_fault_is_reported_at_once() => Assert.Equal(
        [
            "MaxConnections: 0 is out of range (1 or more).",
            "backend \"api\" > server \"a2\" > Weight: 300 is out of range (0-256).",
            "backend \"api\" > server \"a3\" > Address: '10.0.0.3': a port is missing (host:port).",
            "frontend \"public\" > bind \"1\" > Address: '*:http': 'http' is not a port (0-65535).",
            "frontend \"public\" > DefaultBackend: there is no backend \"apy\"; did you mean \"api\"?",
        ],
        Faults(p => p
            .AddFrontend("public", f => f.Bind("*:http").DefaultBackend("apy"))
            .AddBackend("api", b => b.AddServer("a2", "10.0.0.2:80", s => s.Weight(300)).AddServer("a3", "10.0.0.3"))
            .MaxConnections(0)));

    [Fact]
    public void The_exception_lists_every_fault()
    {
        var exception = new ProxyConfigurationException(["a: b.", "c: d."]);

        Assert.Equal("The proxy's configuration cannot be used:\n- a: b.\n- c: d.", exception.Message);
        Assert.Equal(["a: b.", "c: d."], exception.Faults);
    }

    [Fact]
    public void Nothing_is_no_configuration() =>
        Assert.Equal(["Frontends: there is none, so no client could arrive."], ProxyOptionsValidator.Validate(new ProxyOptions()));

    [Fact]
    public void A_frontend_needs_a_bind() =>
        Assert.Equal(["frontend \"public\" > Binds: there is none, so no client could arrive."], Faults(p => p.AddFrontend("public", _ => { })));

    [Fact]
    public void Names_are_unique_among_their_kind() => Assert.Equal(
        [
            "backend \"web\" > Servers: 3 of them are named \"s\".",
            "Backends: 2 of them are named \"web\".",
            "Frontends: 2 of them are named \"public\".",
        ],
        Faults(p => p
            .AddFrontend("public", f => f.Bind("*:1"))
            .AddFrontend("public", f => f.Bind("*:2"))
            .AddBackend("web", b => b.AddServer("s", "a:1").AddServer("s", "a:2").AddServer("s", "a:3").AddServer("S", "a:4"))
            .AddBackend("web", _ => { })));

    [Theory]
    [InlineData("", "Name: a name is needed.")]
    [InlineData("a b", "Name: \"a b\" has a space or a control character in it.")]
    [InlineData("a\nb", "Name: \"a\\u000ab\" has a space or a control character in it.")]
    [InlineData("\u00a0", "Name: \"\u00a0\" has a space or a control character in it.")]
    public void A_name_is_one_visible_word(string name, string fault)
    {
        var options = Ordinary();
        options.Frontends.Add(new FrontendOptions { Name = name, Binds = { new BindOptions { Address = "*:1", Name = name } } });
        options.Backends.Add(new BackendOptions { Name = name, Servers = { new ServerOptions { Name = name, Address = "a:1" } } });

        var faults = ProxyOptionsValidator.Validate(options);

        Assert.Equal(4, faults.Count);
        Assert.All(faults, f => Assert.EndsWith(fault, f));
    }

    [Theory]
    [InlineData("*:80", "*:80")]
    [InlineData("*:80", ":80")]
    [InlineData("*:80", "[::]:80")]
    [InlineData("127.0.0.1:80", "127.0.0.1:080")]
    [InlineData("[::1]:80", "[0:0::1]:80")]
    [InlineData("/run/a", "unix@/run/a")]
    [InlineData("fd@3", "fd@3")]
    public void An_address_is_bound_once(string first, string second) => Assert.Equal(
        [$"frontend \"b\" > bind \"2\" > Address: '{second}' is taken already, by frontend \"a\" > bind \"1\"."],
        Faults(p => p
            .AddFrontend("a", f => f.Bind(first))
            .AddFrontend("b", f => f.Bind("*:1").Bind(second))));

    [Theory]
    [InlineData("*:80", "127.0.0.1:80")]
    [InlineData("*:80", "*:81")]
    [InlineData("*:0", "*:0")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("0.0.0.0:80", "[::]:80")]
    [InlineData("fd@3", "fd@4")]
    public void Addresses_that_are_not_the_same_are_the_systems_to_judge(string first, string second) =>
        Assert.Empty(Faults(p => p.AddFrontend("a", f => f.Bind(first).Bind(second))));

    [Theory]
    [InlineData("webb", "; did you mean \"web\"?")]
    [InlineData("WEB", "; did you mean \"web\"?")]
    [InlineData("chekcout", "; did you mean \"checkout\"?")]
    [InlineData("mail", "")]
    public void A_backend_that_is_not_there_brings_the_nearest_name(string name, string suggestion) => Assert.Equal(
        [
            $"frontend \"public\" > DefaultBackend: there is no backend \"{name}\"{suggestion}{(suggestion.Length > 0 ? "" : ".")}",
            $"frontend \"public\" > route 2 > Backend: there is no backend \"{name}\"{suggestion}{(suggestion.Length > 0 ? "" : ".")}",
        ],
        Faults(p => p
            .AddFrontend("public", f => f
                .Bind("*:80")
                .Route(Match.Path("/"), to: "web")
                .Route(Match.Path("/cart"), to: name)
                .DefaultBackend(name))
            .AddBackend("web", _ => { })
            .AddBackend("checkout", _ => { })));

    [Fact]
    public void A_frontend_and_its_backends_speak_the_same() => Assert.Equal(
        [
            "frontend \"http\" > DefaultBackend: backend \"lines\" is in TCP mode, the frontend in HTTP mode.",
            "frontend \"tcp\" > DefaultBackend: backend \"web\" is in HTTP mode, the frontend in TCP mode.",
            "frontend \"tcp\" > route 1 > Backend: backend \"web\" is in HTTP mode, the frontend in TCP mode.",
        ],
        Faults(p => p
            .AddFrontend("http", f => f.Bind("*:1").DefaultBackend("lines"))
            .AddFrontend("tcp", f => f.Bind("*:2").Mode(ProxyMode.Tcp).Route(Match.Source("10.0.0.1"), to: "web").DefaultBackend("web"))
            .AddBackend("web", _ => { })
            .AddBackend("lines", b => b.Mode(ProxyMode.Tcp))));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(24.9 * 24 * 60 * 60)]
    public void A_limit_of_time_is_more_than_zero_and_fits_a_timer(double seconds)
    {
        var limit = TimeSpan.FromSeconds(seconds);
        var faults = Faults(p => p
            .AddFrontend("f", f => f.Bind("*:1").Configure(o =>
                o.ClientTimeout = o.RequestHeadTimeout = o.KeepAliveTimeout = o.HandshakeTimeout = o.ClientFinTimeout = limit))
            .AddBackend("b", b => b.Configure(o => o.ConnectTimeout = o.ServerTimeout = o.ServerFinTimeout = o.TunnelTimeout = limit)));

        Assert.Equal(9, faults.Count);
        Assert.Contains($"backend \"b\" > TunnelTimeout: {limit} is out of range (more than 0, at most 24.8 days; null for no limit).", faults);
        Assert.Contains($"frontend \"f\" > ClientFinTimeout: {limit} is out of range (more than 0, at most 24.8 days; null for no limit).", faults);
    }

    [Fact]
    public void Numbers_are_in_their_ranges()
    {
        var faults = Faults(p => p
            .DrainTimeout(TimeSpan.FromSeconds(-1))
            .AddFrontend("f", f => f.MaxConnections(0).Bind("*:1", b => b.Backlog(0)))
            .AddBackend("b", b => b
                .Retries(101)
                .AddServer("s", "a:1", s => s.Weight(-1).MaxIdleConnections(-1).Configure(o =>
                {
                    o.MaxReuse = -1;
                    o.IdlePurgeInterval = TimeSpan.FromDays(30);
                }))));

        Assert.Equal(
            [
                "DrainTimeout: -00:00:01 is out of range (0 to 24.8 days).",
                "backend \"b\" > Retries: 101 is out of range (0-100).",
                "backend \"b\" > server \"s\" > Weight: -1 is out of range (0-256).",
                "backend \"b\" > server \"s\" > MaxIdleConnections: -1 is out of range (0 or more).",
                "backend \"b\" > server \"s\" > MaxReuse: -1 is out of range (0 or more).",
                "backend \"b\" > server \"s\" > IdlePurgeInterval: 30.00:00:00 is out of range (0 to 24.8 days).",
                "frontend \"f\" > MaxConnections: 0 is out of range (1 or more).",
                "frontend \"f\" > bind \"1\" > Backlog: 0 is out of range (1 or more).",
            ],
            faults);
    }

    [Fact]
    public void Choices_are_among_those_that_exist()
    {
        var faults = Faults(p => p
            .AddFrontend("f", f => f.Bind("*:1").Mode((ProxyMode)7).ConnectionMode((ConnectionMode)7).Forwarded((ForwardedHeaders)64))
            .AddBackend("b", b => b.Mode((ProxyMode)7).Reuse((ConnectionReuse)7)));

        Assert.Equal(5, faults.Count);
        Assert.Contains("backend \"b\" > Reuse: 7 is none of Never, Safe, Aggressive, Always.", faults);
        Assert.Contains("frontend \"f\" > ForwardedHeaders: 64 has a flag that does not exist.", faults);
    }

    [Theory]
    [InlineData("10.0.0.1:80", "ten", "'ten' is not an IP address, with or without a port.")]
    [InlineData("10.0.0.1:80", "::1", "'::1' cannot connect to '10.0.0.1:80', an address of another kind.")]
    [InlineData("/run/app.sock", "10.0.0.9", "'10.0.0.9' cannot connect to '/run/app.sock', an address of another kind.")]
    public void A_source_goes_with_its_server(string address, string source, string fault) => Assert.Equal(
        [$"backend \"b\" > server \"s\" > Source: {fault}"],
        Faults(p => p
            .AddFrontend("f", f => f.Bind("*:1"))
            .AddBackend("b", b => b.AddServer("s", address, s => s.Source(source)))));

    [Fact]
    public void Files_of_certificates_are_there_and_readable()
    {
        using var authority = new TestAuthority();
        var empty = authority.Write("empty.pem", "");

        var faults = Faults(p => p
            .AddFrontend("f", f => f
                .Bind("*:1", b => b.Tls("/nowhere/gateway.pem"))
                .Bind("*:2", b => b.Tls(authority.CaPath))
                .Bind("*:3", b => b.Tls(authority.Issue(), t => t.MinimumProtocol = SslProtocols.None))
                .Configure(o => o.Binds.Add(new BindOptions { Address = "*:4", Tls = new BindTlsOptions() })))
            .AddBackend("b", b => b
                .AddServer("s1", "a:1", s => s.Tls(t => t.CaPath = empty))
                .AddServer("s2", "a:1", s => s.Tls(t => (t.CaPath, t.HostName) = ("", "not a host")))));

        Assert.Collection(
            faults,
            f => Assert.Equal($"backend \"b\" > server \"s1\" > Tls > CaPath: {empty}: there is no certificate in it.", f),
            f => Assert.Equal("backend \"b\" > server \"s2\" > Tls > HostName: \"not a host\" is neither a host's name nor an address.", f),
            f => Assert.Equal("backend \"b\" > server \"s2\" > Tls > CaPath: is empty; null trusts what the system trusts.", f),
            f => Assert.StartsWith("frontend \"f\" > bind \"1\" > Tls > CertificatePath: /nowhere/gateway.pem: cannot be read: ", f),
            f => Assert.StartsWith($"frontend \"f\" > bind \"2\" > Tls > CertificatePath: {authority.CaPath}: there is no private key in it", f),
            f => Assert.Equal("frontend \"f\" > bind \"3\" > Tls > MinimumProtocol: None is out of range (Tls12 or Tls13).", f),
            f => Assert.Equal("frontend \"f\" > bind \"4\" > Tls > CertificatePath: a certificate file is needed.", f));
    }

    [Fact]
    public void Servers_in_http_mode_are_offered_what_is_spoken_to_them()
    {
        var faults = Faults(p => p
            .AddFrontend("f", f => f.Bind("*:1"))
            .AddBackend("b", b => b
                .AddServer("s1", "a:1", s => s.Tls(t => t.ApplicationProtocols = ["http/1.1", "h2"]))
                .AddServer("s2", "a:1", s => s.Tls(t => t.ApplicationProtocols = [null!])))
            .AddBackend("t", b => b.Mode(ProxyMode.Tcp).AddServer("s", "a:1", s => s.Tls(t => t.ApplicationProtocols = ["h2"])))
            .AddBackend("c", b => b
                .CheckTcp(c => c.Tls(applicationProtocols: [""]).Step(new ConnectStep { UsesTls = true, ApplicationProtocols = [new string('a', 256)] }))
                .AddServer("s", "a:1")));

        Assert.Equal(
            [
                "backend \"b\" > server \"s1\" > Tls > ApplicationProtocols: \"h2\" is not spoken to servers in HTTP mode: HTTP/1 is.",
                "backend \"b\" > server \"s2\" > Tls > ApplicationProtocols: \"\" is not 1 to 255 bytes long.",
                "backend \"c\" > CheckServers > ApplicationProtocols: \"\" is not 1 to 255 bytes long.",
                $"backend \"c\" > HealthCheck > Steps: number 1: ApplicationProtocols: \"{new string('a', 256)}\" is not 1 to 255 bytes long.",
            ],
            faults);
    }

    [Fact]
    public void What_is_null_is_named_by_its_position()
    {
        // A binder or a deserializer does not ask the compiler.
        var options = Ordinary();
        options.Frontends.Add(null!);
        options.Backends.Add(null!);
        options.Frontends[0].Binds.Add(null!);
        options.Frontends[0].Routes.Add(null!);
        options.Frontends[0].Routes.Add(new RouteOptions(null!, null!));
        options.Backends[0].Servers.Add(null!);
        options.Backends[0].Servers.Add(new ServerOptions { Name = null!, Address = null! });
        options.Backends[0].Balance = null!;

        Assert.Equal(
            [
                "backend \"web\" > Balance: is null.",
                "backend \"web\" > Servers: number 1 is null.",
                "backend \"web\" > server 2 > Name: a name is needed.",
                "backend \"web\" > server 2 > Address: '': a port is missing (host:port).",
                "Backends: number 2 is null.",
                "frontend \"public\" > Binds: number 2 is null.",
                "frontend \"public\" > Routes: number 1 is null.",
                "frontend \"public\" > route 2 > Condition: is null.",
                "frontend \"public\" > route 2 > Backend: there is no backend \"\".",
                "Frontends: number 2 is null.",
            ],
            ProxyOptionsValidator.Validate(options));
    }

    private static ProxyOptions Ordinary() => new()
    {
        Frontends = { new FrontendOptions { Name = "public", Binds = { new BindOptions { Address = "*:80" } }, DefaultBackend = "web" } },
        Backends = { new BackendOptions { Name = "web" } },
    };

    private static IReadOnlyList<string> Faults(Action<ProxyBuilder> configure)
    {
        var builder = new ProxyBuilder();
        configure(builder);
        return ProxyOptionsValidator.Validate(builder.Build());
    }
}

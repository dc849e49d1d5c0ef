using System.Net;
using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ProxyFetchesTests : IDisposable
{
    private readonly List<IdleConnections> _idle = [];
    private readonly Backend _web;
    private readonly RuleCompiler _compiler;
    private readonly TestExchange _exchange = TestExchange.For("/");

    public ProxyFetchesTests()
    {
        var (web, b2) = (new BackendState(), new BackendState());
        _web = MakeBackend("web", MakeServer(web, "web", "s1", 10), MakeServer(web, "web", "s2", 20), MakeServer(web, "web", "spare", 5, isBackup: true));
        var frontend = new FrontendFacts
        {
            Name = "f",
            Id = 3,
            DefaultBackend = "web",
            Connections = static () => 7,
            ClientTimeout = TimeSpan.FromSeconds(2),
            TarpitTimeout = null,
        };
        _compiler = new RuleCompiler
        {
            Backends = new Dictionary<string, Backend> { ["web"] = _web, ["b2"] = MakeBackend("b2", MakeServer(b2, "b2", "x", 1, isBackup: true), MakeServer(b2, "b2", "y", 1, isBackup: true)), ["b0"] = MakeBackend("b0") },
            Frontends = new Dictionary<string, FrontendFacts> { ["f"] = frontend },
            Frontend = frontend,
        };
        _exchange.Context.Frontend = frontend;
    }

    public void Dispose() => _idle.ForEach(static idle => idle.Dispose());

    [Theory]
    [InlineData("fe_name", "f")]
    [InlineData("fe_id", "3")]
    [InlineData("fe_defbe", "web")]
    [InlineData("be_name", "f")] // none was chosen
    [InlineData("srv_name", null)]
    [InlineData("srv_id", null)]
    [InlineData("fe_conn", "7")]
    [InlineData("fe_conn(f)", "7")]
    [InlineData("be_conn(web)", "1")]
    [InlineData("nbsrv(web)", "2")]
    [InlineData("nbsrv(b2)", "1")]
    [InlineData("nbsrv(b0)", "0")]
    [InlineData("srv_is_up(web/s1)", "1")]
    [InlineData("srv_conn(web/s2)", "1")]
    [InlineData("srv_conn(web/s1)", "0")]
    [InlineData("srv_weight(web/s2)", "20")]
    [InlineData("srv_iweight(web/s2)", "20")]
    [InlineData("srv_uweight(web/s2)", "20")]
    [InlineData("fe_client_timeout", "2000")]
    [InlineData("fe_tarpit_timeout", "0")]
    [InlineData("cur_client_timeout", "2000")]
    [InlineData("cur_tarpit_timeout", "0")]
    [InlineData("be_connect_timeout", null)]
    [InlineData("be_max_retries", null)]
    [InlineData("cur_max_retries", null)]
    public void Frontend_knows_its_own_and_what_is_named(string expression, string? expected)
    {
        _web.State.Enter();
        Assert.True(_web.Servers[1].State.TryEnter());

        Assert.Equal(expected, _exchange.Ask(expression, _compiler));
    }

    [Theory]
    [InlineData("be_name", "web")]
    [InlineData("srv_name", "s2")]
    [InlineData("srv_id", "2")]
    [InlineData("be_conn", "0")]
    [InlineData("nbsrv", "2")]
    [InlineData("srv_is_up(s1)", "1")]
    [InlineData("srv_weight(s1)", "10")]
    [InlineData("be_connect_timeout", "5000")]
    [InlineData("be_server_timeout", "50000")]
    [InlineData("be_tunnel_timeout", "0")]
    [InlineData("cur_connect_timeout", "100")]
    [InlineData("cur_server_timeout", "50000")]
    [InlineData("cur_tunnel_timeout", "0")]
    [InlineData("be_max_retries", "3")]
    [InlineData("cur_max_retries", "1")]
    public void Backend_knows_its_own_and_what_rules_have_set(string expression, string? expected)
    {
        _exchange.Context.Backend = _web;
        _exchange.Context.Server = _web.Servers[1];
        _exchange.Context.Settings.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        _exchange.Context.Settings.Retries = 1;
        _compiler.Backend = _web;
        _compiler.Frontend = null;

        Assert.Equal(expected, _exchange.Ask(expression, _compiler));
    }

    [Theory]
    [InlineData("nbsrv")]
    [InlineData("nbsrv(none)")]
    [InlineData("srv_is_up(s1)")]
    [InlineData("srv_is_up(web/none)")]
    [InlineData("srv_is_up")]
    [InlineData("fe_conn(none)")]
    public void Names_that_are_not_there_are_refused(string expression) =>
        Assert.Throws<RuleFaultException>(() => _exchange.Ask(expression, _compiler));

    [Fact]
    public void Limits_in_force_are_those_of_an_exchange() =>
        Assert.Null(new RuleContext { Frontend = _compiler.Frontend }.Ask("cur_client_timeout", _compiler));

    private static Backend MakeBackend(string name, params Server[] servers) =>
        new(new BackendOptions { Name = name }, servers, servers.Length == 0 ? new BackendState() : servers[0].State.Backend);

    private Server MakeServer(BackendState backendState, string backend, string name, int weight, bool isBackup = false)
    {
        var idle = new IdleConnections(0, TimeSpan.Zero, TimeProvider.System);
        _idle.Add(idle);
        return new Server(
            backend,
            new ServerOptions { Name = name, Address = "127.0.0.1:1", Weight = weight, IsBackup = isBackup },
            new IPEndPoint(IPAddress.Loopback, 1),
            source: null,
            tls: null,
            new ServerState("", idle, backendState));
    }
}

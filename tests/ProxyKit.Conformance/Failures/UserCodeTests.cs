using Microsoft.Extensions.Logging;
using ProxyKit.Balancing;
using ProxyKit.Rules;

namespace ProxyKit.Conformance.Failures;

public abstract class UserCodeTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Condition_that_throws_is_a_500_for_its_exchange_only_and_logged_once()
    {
        ExpectedFaults = 1;
        await StartAsync(OkOrigin(), frontend => frontend.Route(
            Match.When(exchange => exchange.Request.Path == "/throw" ? throw new InvalidOperationException("mine") : false), to: "web"));
        var bystander = await ConnectAsync();
        Assert.Equal(200, (await GetAsync(bystander)).Status);
        await LoggedAsync();

        Assert.Equal(500, (await GetAsync("/throw")).Status);

        Assert.Equal('I', (await LoggedAsync(2)).End[0]);
        Assert.Equal(200, (await GetAsync(bystander)).Status);
        var logged = Assert.Single(Log.Entries, e => e.Level == LogLevel.Error);
        Assert.Equal("mine", logged.Exception?.Message);
    }

    [Theory]
    [InlineData("/throw", "mine")]
    [InlineData("/stranger", "web")]
    public async Task Strategy_that_throws_or_makes_servers_up_is_a_500_for_its_exchange_only(string target, string message)
    {
        ExpectedFaults = 1;
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", backend => backend.AddServer("s1", origin.Address).Balance(new Odd(this)))
            .AddBackend("other", backend => backend.AddServer("s1", origin.Address)));
        var bystander = await ConnectAsync();
        Assert.Equal(200, (await GetAsync(bystander)).Status);

        Assert.Equal(500, (await GetAsync(target)).Status);

        Assert.Equal(200, (await GetAsync(bystander)).Status);
        var logged = Assert.Single(Log.Entries, e => e.Level == LogLevel.Error);
        Assert.Contains(message, logged.Exception?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strategy_that_chooses_nobody_is_a_503()
    {
        await StartAsync(OkOrigin(), backend: backend => backend.Balance(new Odd(this)));

        Assert.Equal(503, (await GetAsync("/nobody")).Status);
        Assert.Equal("SC", (await LoggedAsync()).End);
    }

    private Server Stranger() => Proxy.GetServers("other")[0];

    private sealed class Odd(UserCodeTests test) : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => context.Exchange!.Request.Path switch // HTTP: there is an exchange
        {
            "/throw" => throw new InvalidOperationException("mine"),
            "/stranger" => test.Stranger(),
            "/nobody" => null,
            _ => context.Candidates[0],
        };
    }

    public sealed class OverSockets() : UserCodeTests(Carrier.Sockets);

    public sealed class InMemory() : UserCodeTests(Carrier.Memory);
}

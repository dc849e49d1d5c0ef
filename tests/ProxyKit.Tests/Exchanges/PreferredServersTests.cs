using System.Net;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Exchanges;

public sealed class PreferredServersTests : IDisposable
{
    private static readonly string[] Names = ["s3", "s1"];

    private readonly List<IdleConnections> _idle = [];
    private readonly BackendState _state = new();
    private readonly CandidateSet _candidates;

    public PreferredServersTests() =>
        _candidates = new CandidateSet(1, [.. Enumerable.Range(0, 5).Select(i => Make($"s{i}"))], isFallback: false);

    public void Dispose() => _idle.ForEach(static idle => idle.Dispose());

    [Fact]
    public void Requests_go_to_the_one_of_them_that_has_the_fewest()
    {
        var taken = Enumerable.Range(0, 4).Select(_ => Enter(PreferredServers.Pick(Names, _candidates, avoid: null, failedAt: null)!)).ToArray(); // without limits there is one

        Assert.Equal(["s1", "s3", "s1", "s3"], taken);
    }

    [Fact]
    public void None_is_picked_where_none_of_them_may_be_had() => Assert.Null(PreferredServers.Pick(["elsewhere"], _candidates, avoid: null, failedAt: null));

    [Fact]
    public void One_that_an_attempt_has_failed_on_is_not_picked() =>
        Assert.Equal("s3", PreferredServers.Pick(Names, _candidates, avoid: _candidates.Servers[1], failedAt: null)!.Name); // there is the other

    [Fact]
    public void Those_that_the_request_has_failed_at_are_not_picked()
    {
        var (s1, s3) = (_candidates.Servers[1], _candidates.Servers[3]);

        Assert.Same(s1, PreferredServers.Pick(Names, _candidates, avoid: null, [s3]));
        Assert.Null(PreferredServers.Pick(Names, _candidates, avoid: s1, [s3])); // the strategy decides
        Assert.Null(PreferredServers.Pick(Names, _candidates, avoid: null, [s3, s1]));
    }

    [Fact]
    public void Lists_of_several_tiers_are_kept_apart()
    {
        string[] other = ["s4"];

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal([1, 3], _candidates.PlacesOf(Names));
            Assert.Equal([4], _candidates.PlacesOf(other));
        }
    }

    [Fact]
    public void Places_are_looked_for_once() => Assert.Same(_candidates.PlacesOf(Names), _candidates.PlacesOf(Names));

    [Fact]
    public void Pick_allocates_nothing() => Allocations.AssertNone(() => PreferredServers.Pick(Names, _candidates, avoid: null, failedAt: null));

    private static string Enter(Server server)
    {
        server.State.TryEnter();
        return server.Name;
    }

    private Server Make(string name)
    {
        var idle = new IdleConnections(0, TimeSpan.Zero, TimeProvider.System);
        _idle.Add(idle);
        var options = new ServerOptions { Name = name, Address = "127.0.0.1:1" };
        return new Server("b", options, new IPEndPoint(IPAddress.Loopback, 1), source: null, tls: null, new ServerState("", idle, _state));
    }
}

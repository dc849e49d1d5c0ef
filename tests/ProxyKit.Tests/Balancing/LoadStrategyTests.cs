using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Testing;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Balancing;

/// <summary>The strategies that draw lots, go by order or by how fast servers respond.</summary>
public sealed class LoadStrategyTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Random_draws_by_weight(int draws)
    {
        var shares = BalancedBackend.Of(new RandomDraws(new Random(5), draws), 1, 2, 7).Shares(20_000);

        Assert.InRange(shares[0], 1_850, 2_150);
        Assert.InRange(shares[1], 3_800, 4_200);
    }

    [Fact]
    public void Random_of_two_draws_is_far_more_even_than_of_one()
    {
        Assert.True(Imbalance(draws: 2) * 3 < Imbalance(draws: 1));

        static int Imbalance(int draws)
        {
            var backend = BalancedBackend.Of(new RandomDraws(new Random(11), draws), [.. Enumerable.Repeat(1, 20)]);
            for (var i = 0; i < 4_000; i++)
            {
                backend.Take();
            }

            return backend.Backend.Servers.Max(static s => s.ActiveRequests) - 200;
        }
    }

    [Fact]
    public void Random_that_draws_a_full_server_has_none()
    {
        var servers = BalancedBackend.Weighted(1);
        servers[0].MaxConnections = 1;
        var backend = BalancedBackend.Of(Balance.Random(), servers);
        backend.Take();

        Assert.Null(backend.Pick());
    }

    [Fact]
    public void Random_never_draws_the_server_to_avoid()
    {
        var backend = BalancedBackend.Of(new RandomDraws(new Random(3), 2), 200, 1, 1);

        Assert.All(Enumerable.Range(0, 200), _ => Assert.NotEqual(backend[0], backend.Pick(avoid: backend[0])));
    }

    [Fact]
    public void First_fills_servers_in_the_order_of_their_ids()
    {
        var servers = BalancedBackend.Weighted(1, 1, 1);
        foreach (var (i, server) in servers.Index())
        {
            (server.MaxConnections, server.Id) = (2, 30 - i);
        }

        var backend = BalancedBackend.Of(Balance.First, servers);

        Assert.Equal(["s3", "s3", "s2", "s2", "s1", "s1"], Enumerable.Range(0, 6).Select(_ => backend.Take().Name));
        Assert.Null(backend.Pick());
        backend[2].State.Leave();
        Assert.Equal("s3", backend.Take().Name);
    }

    [Fact]
    public void First_goes_by_limits_set_at_run_time()
    {
        var servers = BalancedBackend.Weighted(1, 1);
        servers[0].MaxConnections = servers[1].MaxConnections = 1;
        var backend = BalancedBackend.Of(Balance.First, servers);
        backend.Take();
        backend.Take();

        backend[0].State.SetMaxConnections(2);
        var raised = backend.Take().Name;
        backend[1].State.SetMaxConnections(0);

        Assert.Equal(("s1", "s2", "s2"), (raised, backend.Take().Name, backend.Take().Name));
    }

    [Fact]
    public void First_passes_a_server_that_somebody_waits_for()
    {
        var servers = BalancedBackend.Weighted(1, 1);
        servers[0].MaxConnections = 1;
        var backend = BalancedBackend.Of(Balance.First, servers);
        backend.Pick();

        backend[0].State.NoteQueued(1);
        var meanwhile = backend.Pick();
        backend[0].State.NoteQueued(-1);

        Assert.Equal((backend[1], backend[0]), (meanwhile, backend.Pick()));
    }

    [Fact]
    public void First_takes_the_server_to_avoid_when_no_other_has_room()
    {
        var servers = BalancedBackend.Weighted(1, 1);
        servers[1].MaxConnections = 1;
        var backend = BalancedBackend.Of(Balance.First, servers);
        var other = backend.Pick(avoid: backend[0]);
        backend[1].State.TryEnter();

        Assert.Equal((backend[1], backend[0]), (other, backend.Pick(avoid: backend[0])));
    }

    [Fact]
    public void First_finds_room_that_comes_and_goes_on_many_threads()
    {
        const int Turns = 20_000;
        var servers = BalancedBackend.Weighted([.. Enumerable.Repeat(1, 64)]);
        foreach (var server in servers)
        {
            server.MaxConnections = 1;
        }

        var backend = BalancedBackend.Of(Balance.First, servers);
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < Turns; i++)
            {
                if (backend.Pick() is { } server && server.State.TryEnter())
                {
                    server.State.Leave();
                }
            }
        });

        Assert.Equal(backend[0], backend.Pick()); // nothing is left on the board of what has come and gone
        Assert.Equal(64, Enumerable.Range(0, 64).Select(_ => backend.Take()).Distinct().Count());
        Assert.Null(backend.Pick());
    }

    [Fact]
    public void Sticky_changes_only_when_its_server_fails()
    {
        var backend = BalancedBackend.Of(Balance.Sticky, 1, 1, 1);
        var before = backend.Order(3);
        backend[0].State.SetAvailability(ServerAvailability.Down);
        var meanwhile = backend.Order(3);
        backend[0].State.SetAvailability(ServerAvailability.Open);

        Assert.Equal(("s1 s1 s1", "s2 s2 s2", "s2 s2 s2"), (before, meanwhile, backend.Order(3)));
    }

    [Fact]
    public void PeakEwma_prefers_who_responds_sooner()
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 100);
        Respond(backend, backend[1], milliseconds: 10);

        Assert.Equal([0, 50], backend.Shares(50));
    }

    [Fact]
    public void PeakEwma_weighs_response_times_with_requests_in_progress()
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 50);
        Respond(backend, backend[1], milliseconds: 10);
        for (var i = 0; i < 60; i++)
        {
            backend.Take();
        }

        Assert.InRange(backend[0].ActiveRequests, 8, 12); // a fifth as fast, and so a fifth of the work
    }

    [Fact]
    public void PeakEwma_takes_a_slow_response_at_its_word_and_forgets_it_by_and_by()
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 10);
        Respond(backend, backend[1], milliseconds: 20);
        Respond(backend, backend[0], milliseconds: 400);
        Assert.Equal([0, 20], backend.Shares(20));

        for (var i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Respond(backend, backend[1], milliseconds: 20);
        }

        Assert.Equal([20, 0], backend.Shares(20));
    }

    [Theory]
    [InlineData(AttemptOutcome.ConnectFailed, 0)]
    [InlineData(AttemptOutcome.Closed, 0)]
    [InlineData(AttemptOutcome.Responded, 503)]
    public void PeakEwma_is_not_drawn_to_who_fails_fast(AttemptOutcome outcome, int status)
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 1, outcome, status);
        Respond(backend, backend[1], milliseconds: 900);

        Assert.Equal([0, 20], backend.Shares(20));
    }

    [Theory]
    [InlineData(AttemptOutcome.Abandoned, 0)]
    [InlineData(AttemptOutcome.Responded, 404)]
    [InlineData(AttemptOutcome.Responded, 501)]
    public void PeakEwma_blames_no_server_for_what_is_not_its_fault(AttemptOutcome outcome, int status)
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 10);
        Respond(backend, backend[0], milliseconds: 10, outcome, status);
        Respond(backend, backend[1], milliseconds: 100);

        Assert.Equal([20, 0], backend.Shares(20));
    }

    [Fact]
    public void PeakEwma_tries_a_server_that_it_knows_nothing_of_with_one_request()
    {
        var backend = Ewma(1, 1);
        Respond(backend, backend[0], milliseconds: 10);

        Assert.Equal(["s2", "s1", "s1"], Enumerable.Range(0, 3).Select(_ => backend.Take().Name));
    }

    [Fact]
    public void PeakEwma_passes_by_the_full()
    {
        var servers = BalancedBackend.Weighted(1, 1, 1);
        (servers[0].MaxConnections, servers[1].MaxConnections, servers[2].MaxConnections) = (1, 1, 1);
        var backend = BalancedBackend.Of(Balance.PeakEwma(), servers);

        Assert.Equal(3, Enumerable.Range(0, 3).Select(_ => backend.Take()).Distinct().Count());
        Assert.Null(backend.Pick());
    }

    [Theory]
    [InlineData("random")]
    [InlineData("first")]
    [InlineData("sticky")]
    [InlineData("peak-ewma")]
    public void Choice_allocates_nothing(string algorithm)
    {
        var balance = algorithm switch { "random" => Balance.Random(), "first" => Balance.First, "sticky" => Balance.Sticky, _ => Balance.PeakEwma() };
        var backend = BalancedBackend.Of(balance, 5, 3, 1);
        var exchange = TestExchange.For("/");

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                var server = backend.Pick(exchange)!; // without limits there is always one
                backend.Backend.Strategy.Report(new AttemptReport { Server = server, Outcome = AttemptOutcome.Responded, Status = 200, Duration = TimeSpan.FromTicks(i) });
            }
        });
    }

    private BalancedBackend Ewma(params int[] weights) =>
        BalancedBackend.Of(new PeakEwma(new Random(1), _time, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), weights);

    private static void Respond(
        BalancedBackend backend, Server server, int milliseconds, AttemptOutcome outcome = AttemptOutcome.Responded, int status = 200)
    {
        backend.Pick(); // it knows the servers from there on
        backend.Backend.Strategy.Report(new AttemptReport { Server = server, Outcome = outcome, Status = status, Duration = TimeSpan.FromMilliseconds(milliseconds) });
    }
}

using System.Net;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Resolvers;
using ProxyKit.Testing;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Balancing;

public sealed class HashTests
{
    private const int Keys = 10_000;

    public static TheoryData<string> Rings => ["consistent", "bounded"];

    /// <summary>Published values: CRC-32's check value, and those of the functions' own descriptions, worked out by hand for short keys.</summary>
    [Theory]
    [InlineData(HashFunction.Crc32, "123456789", 0xCBF43926u)]
    [InlineData(HashFunction.Crc32, "", 0u)]
    [InlineData(HashFunction.Sdbm, "", 0u)]
    [InlineData(HashFunction.Sdbm, "a", 97u)]
    [InlineData(HashFunction.Sdbm, "ab", 6363201u)] // 97 * 65599 + 98
    [InlineData(HashFunction.Djb2, "", 5381u)]
    [InlineData(HashFunction.Djb2, "a", 177670u)] // 5381 * 33 + 97
    [InlineData(HashFunction.Djb2, "ab", 5863208u)]
    [InlineData(HashFunction.Wt6, "", 0xF99A0360u)] // the two starting values, one over the other
    [InlineData(HashFunction.None, "12345", 12345u)]
    [InlineData(HashFunction.None, "12x45", 12u)]
    [InlineData(HashFunction.None, "x", 0u)]
    public void Function_gives_its_published_value(HashFunction function, string key, uint expected) =>
        Assert.Equal(expected, new KeyHash(function, Mixes: false).Of(Encoding.ASCII.GetBytes(key)));

    [Theory]
    [InlineData("map-based", 0.01)]
    [InlineData("consistent", 0.5)] // 16 points for each: HAProxy's own
    [InlineData("bounded", 0.2)]
    public void Equal_servers_get_about_as_many_keys(string type, double tolerance)
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type) with { Function = HashFunction.Crc32, Avalanche = true }), 1, 1, 1, 1, 1);

        Assert.All(SharesOf(backend), share => Assert.InRange(share, 2_000 * (1 - tolerance) - 100, 2_000 * (1 + tolerance) + 100));
    }

    [Theory]
    [InlineData("map-based", 0.05)]
    [InlineData("bounded", 0.2)]
    public void Weights_are_the_shares_of_keys(string type, double tolerance)
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type) with { Function = HashFunction.Crc32, Avalanche = true }), 2, 3, 5);

        Assert.All(SharesOf(backend).Zip((double[])[2_000, 3_000, 5_000]), s => Assert.InRange(s.First, s.Second * (1 - tolerance), s.Second * (1 + tolerance)));
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Server_that_goes_moves_its_own_keys_alone(string type)
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type)), 1, 2, 1, 1);
        var before = backend.Map(Keys);

        backend[1].State.SetAvailability(ServerAvailability.Down);
        var after = backend.Map(Keys);

        Assert.All(before.Zip(after), m => Assert.True(m.First == m.Second || m.First == backend[1]));
        Assert.DoesNotContain(backend[1], after);
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Server_that_comes_back_has_the_keys_it_had(string type)
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type)), 1, 2, 1, 1);
        var before = backend.Map(Keys);

        backend[1].State.SetAvailability(ServerAvailability.Down);
        backend.Map(10);
        backend[3].State.SetAvailability(ServerAvailability.Down);
        backend.Map(10);
        backend[1].State.SetAvailability(ServerAvailability.Open);
        backend.Map(10);
        backend[3].State.SetAvailability(ServerAvailability.Open);

        Assert.Equal(before, backend.Map(Keys));
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Weight_that_rises_draws_keys_to_its_server_alone(string type)
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type)), 2, 2, 2);
        var before = backend.Map(Keys);

        backend[0].State.SetWeight(5);
        var after = backend.Map(Keys);

        Assert.All(before.Zip(after), m => Assert.True(m.First == m.Second || m.Second == backend[0]));
        Assert.True(after.Count(s => s == backend[0]) > before.Count(s => s == backend[0]));
    }

    [Fact]
    public void Server_that_warms_up_gains_its_keys_and_no_others_move()
    {
        var time = new ManualTimeProvider();
        var servers = BalancedBackend.Weighted(4, 4);
        servers[0].SlowStart = TimeSpan.FromSeconds(16);
        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent), servers);
        var full = backend.Map(Keys);
        backend[0].State.BeginWarmUp(time);

        var last = backend.Map(Keys).Count(s => s == backend[0]);
        for (var second = 0; second < 16; second += 4)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            var now = backend.Map(Keys).Count(s => s == backend[0]);
            Assert.True(now > last);
            last = now;
        }

        Assert.Equal(full, backend.Map(Keys));
    }

    [Fact]
    public void MapBased_moves_most_keys_when_a_server_goes()
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.MapBased), 1, 1, 1, 1);
        var before = backend.Map(Keys);

        backend[3].State.SetAvailability(ServerAvailability.Down);

        Assert.True(before.Zip(backend.Map(Keys)).Count(static m => m.First != m.Second) > Keys / 2); // what its documentation warns of
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Places_on_the_ring_come_from_ids_whatever_the_order(string type)
    {
        var one = BalancedBackend.Of(Balance.Uri(hash: Type(type)), Numbered(3, 7, 5));
        var other = BalancedBackend.Of(Balance.Uri(hash: Type(type)), Numbered(5, 3, 7));

        Assert.Equal(one.Map(1_000).Select(static s => s!.Id), other.Map(1_000).Select(static s => s!.Id));
    }

    [Theory]
    [InlineData(ServerHashKey.Address)]
    [InlineData(ServerHashKey.AddressAndPort)]
    [InlineData(ServerHashKey.Guid)]
    public void Places_on_the_ring_may_come_from_something_else_than_ids(ServerHashKey key)
    {
        Assert.Equal(Names([1, 2, 3]), Names([9, 8, 70]));

        string[] Names(int[] ids)
        {
            var servers = ids.Select((id, i) => new ServerOptions
            {
                Name = $"s{i}", Address = i == 2 ? $"[2001:db8::{i}]:80" : $"10.0.0.{i}:{80 + i}", Id = id, HashKey = key, Guid = $"g:{i}",
            });
            return [.. BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent), [.. servers]).Map(200).Select(static s => s!.Name)];
        }
    }

    [Theory]
    [InlineData(ServerHashKey.Address)]
    [InlineData(ServerHashKey.AddressAndPort)]
    public void Server_that_moves_has_the_places_of_its_new_address(ServerHashKey key)
    {
        var moved = At("10.0.0.2:80");
        moved.Map(1);

        moved[1].State.Move(new IPEndPoint(IPAddress.Parse("10.9.9.9"), 81));

        Assert.Equal(At("10.9.9.9:81").Map(1_000).Select(static s => s!.Name), moved.Map(1_000).Select(static s => s!.Name));

        BalancedBackend At(string second) => BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent), [Of("s1", "10.0.0.1:80"), Of("s2", second), Of("s3", "10.0.0.3:80")]);
        ServerOptions Of(string name, string address) => new() { Name = name, Address = address, HashKey = key, Resolution = new ServerResolutionOptions { Resolvers = "dns" } };
    }

    [Fact]
    public void Key_that_everybody_asks_for_spills_over_to_the_next_servers()
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent with { BalanceFactor = 125 }), 1, 1, 1, 1);

        for (var i = 0; i < 400; i++)
        {
            backend.Take("/hot");
        }

        Assert.All(backend.Backend.Servers, static s => Assert.InRange(s.ActiveRequests, 1, 125));
        Assert.Contains(backend.Backend.Servers, static s => s.ActiveRequests == 125); // of 400, so that the fair share is 100
    }

    [Fact]
    public void Bound_lets_no_server_have_more_than_its_share_whatever_the_weights()
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.Bounded), 1, 3, 6);
        var random = new Random(7);
        var taken = new List<Server>();
        for (var i = 0; i < 5_000; i++)
        {
            if (taken.Count > 0 && random.Next(3) == 0)
            {
                var index = random.Next(taken.Count);
                taken[index].State.Leave();
                taken.RemoveAt(index);
            }

            var server = backend.Take($"/k{random.Next(4)}"); // few keys, and so uneven
            taken.Add(server);
            Assert.True(server.ActiveRequests <= Math.Max(1, Math.Ceiling(taken.Count * 1.25 * server.Weight / 10) + 1));
        }
    }

    [Theory]
    [InlineData(HashAffinity.Always, "s1")]
    [InlineData(HashAffinity.MaxConnections, "s2")]
    [InlineData(HashAffinity.MaxQueue, "s1")]
    public void Affinity_says_when_a_key_leaves_a_full_server(HashAffinity affinity, string expected)
    {
        var backend = Full(affinity);

        Assert.Equal(expected, backend.Pick("/k")?.Name);
    }

    [Fact]
    public void Affinity_to_a_queue_ends_when_that_is_full_too()
    {
        var backend = Full(HashAffinity.MaxQueue);
        backend[0].State.NoteQueued(2);

        Assert.Equal("s2", backend.Pick("/k")?.Name);
    }

    [Fact]
    public void Ring_leaves_the_server_to_avoid_for_the_next_one()
    {
        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent), 1, 1, 1);
        var first = backend.Pick("/k")!; // there are servers

        var second = backend.Pick(TestExchange.For("/k"), avoid: first);

        Assert.NotEqual(first, second);
        Assert.Equal(second, backend.Pick(TestExchange.For("/k"), avoid: first));
    }

    [Theory]
    [InlineData("map-based")]
    [InlineData("consistent")]
    public void Requests_without_a_key_are_spread(string type)
    {
        var backend = BalancedBackend.Of(Balance.Hash(Value.Parse("req.hdr(x-room)"), Type(type)), 1, 1, 1);

        Assert.Equal(3, Enumerable.Range(0, 60).Select(_ => backend.Pick()).Distinct().Count());
    }

    [Fact]
    public void None_takes_a_number_as_it_is()
    {
        var backend = BalancedBackend.Of(Balance.Hash(Value.Parse("url_param(n)"), HashType.MapBased with { Function = HashFunction.None }), 1, 1, 1, 1);

        Assert.Equal(["s2", "s4", "s1"], ((string[])["/?n=1", "/?n=7", "/?n=400"]).Select(t => backend.Pick(t)?.Name));
    }

    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1")] // a client of a socket for both families
    [InlineData("::1", "0:0:0:1::")] // the words are folded into one
    public void Source_of_the_same_number_goes_to_the_same_server(string one, string other)
    {
        var backend = BalancedBackend.Of(Balance.Source(HashType.MapBased), [.. Enumerable.Repeat(1, 97)]);

        Assert.Equal(backend.Pick(TestExchange.For("/").From(one)), backend.Pick(TestExchange.For("/").From(other)));
    }

    [Fact]
    public void Map_of_a_thousand_servers_of_unlike_weights_has_all_of_their_places()
    {
        int[] weights = [.. Enumerable.Range(0, 300).Select(static i => (i % 7) + 1)];
        var backend = BalancedBackend.Of(Balance.StaticRoundRobin, weights);

        Assert.Equal(weights, backend.Shares(weights.Sum()));
    }

    /// <summary>A ring of a thousand servers takes its time and its memory: those who need it at once wait for one another.</summary>
    [Theory]
    [InlineData("bounded")]
    [InlineData("map-based")]
    public async Task Table_that_many_need_at_once_is_made_once(string type)
    {
        const int Threads = 8;
        var backend = BalancedBackend.Of(Balance.Uri(hash: Type(type)), [.. Enumerable.Repeat(16, 500)]);
        backend.Pick();
        backend[0].State.SetWeight(1);
        var alone = AllocatedByPick(backend, backend.Backend.Candidates);
        backend[0].State.SetWeight(2); // another table, of about the same size
        var candidates = backend.Backend.Candidates;
        using var start = new Barrier(Threads);

        var all = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return AllocatedByPick(backend, candidates);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.InRange(all.Sum(), alone / 2, alone * 2);
    }

    [Theory]
    [InlineData("map-based")]
    [InlineData("consistent")]
    [InlineData("bounded")]
    public void Hash_allocates_nothing(string type)
    {
        var backend = BalancedBackend.Of(Balance.Hash(Value.Parse("path,lower"), Type(type)), 5, 3, 1);
        var exchange = TestExchange.For("/some/PATH");

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                var server = backend.Pick(exchange)!; // without limits there is always one
                server.State.TryEnter();
                server.State.Leave();
            }
        });
    }

    private static BalancedBackend Full(HashAffinity affinity)
    {
        var servers = BalancedBackend.Weighted(1, 1);
        foreach (var server in servers)
        {
            (server.MaxConnections, server.MaxQueue) = (1, 2);
        }

        var backend = BalancedBackend.Of(Balance.Uri(hash: HashType.Consistent with { Affinity = affinity }), servers);
        Assert.Equal("s1", backend.Take("/k").Name);
        return backend;
    }

    private static ServerOptions[] Numbered(params int[] ids) =>
        [.. ids.Select(static id => new ServerOptions { Name = $"s{id}", Address = "127.0.0.1:1", Id = id })];

    private static double[] SharesOf(BalancedBackend backend)
    {
        var map = backend.Map(Keys);
        return [.. backend.Backend.Servers.Select(s => (double)map.Count(m => m == s))];
    }

    private static HashType Type(string name) => name switch
    {
        "map-based" => HashType.MapBased,
        "consistent" => HashType.Consistent,
        _ => HashType.Bounded,
    };

    private static long AllocatedByPick(BalancedBackend backend, CandidateSet candidates)
    {
        var exchange = TestExchange.For("/some/thing");
        var before = GC.GetAllocatedBytesForCurrentThread();
        backend.Backend.Pick(candidates, exchange.Context, avoid: null);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

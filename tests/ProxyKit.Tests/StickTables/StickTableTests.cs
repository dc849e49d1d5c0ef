using System.Text;
using ProxyKit.StickTables;
using ProxyKit.Testing;

namespace ProxyKit.Tests.StickTables;

public sealed class StickTableTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_key_counts_for_itself()
    {
        using var table = Table(10);
        Count(table, "a");
        Count(table, "a");
        Count(table, "b");

        Assert.Equal(2, Requests(table, "a"));
        Assert.Equal(1, Requests(table, "b"));
        Assert.Equal(0, Requests(table, "c"));
        Assert.Equal(2, table.Used);
        Assert.Equal(8, table.Available);
    }

    [Fact]
    public void A_full_table_lets_the_key_go_that_was_not_used_for_longest()
    {
        using var table = Table(3);
        foreach (var key in new[] { "a", "b", "c", "a", "d" })
        {
            Count(table, key);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(2, Requests(table, "a"));
        Assert.False(Has(table, "b"));
        Assert.True(Has(table, "c"));
        Assert.True(Has(table, "d"));
        Assert.Equal(3, table.Used);
    }

    [Fact]
    public void A_full_table_that_keeps_what_it_has_takes_no_new_key()
    {
        using var table = Table(1, options => options.KeepsOld = true);
        Count(table, "a");

        Assert.False(table.TryFindOrAdd("b"u8, out _));
        Assert.True(Has(table, "a"));
    }

    [Fact]
    public void A_key_in_use_never_leaves()
    {
        using var table = Table(1, options => options.Expire = TimeSpan.FromSeconds(1));
        Assert.True(table.TryFindOrAdd("a"u8, out var entry));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(table.TryFindOrAdd("b"u8, out _));
        Assert.True(Has(table, "a"));

        entry.Leave();
        Assert.True(table.TryFindOrAdd("b"u8, out _));
        Assert.False(Has(table, "a"));
    }

    [Fact]
    public void A_key_expires_after_its_last_use_and_a_look_is_none()
    {
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(10));
        Count(table, "a");
        _time.Advance(TimeSpan.FromSeconds(6));
        Count(table, "a");
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(Has(table, "a"));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.False(Has(table, "a"));
    }

    [Fact]
    public void Expired_keys_leave_without_anybody_asking()
    {
        using var table = Table(1000, options => options.Expire = TimeSpan.FromSeconds(10));
        for (var i = 0; i < 500; i++)
        {
            Count(table, $"k{i}");
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        Count(table, "k7");
        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(1, table.Used);
        Assert.True(Has(table, "k7"));
    }

    [Fact]
    public void A_full_table_finds_who_may_go_behind_many_that_are_in_use()
    {
        using var table = Table(400);
        var used = new List<StickEntry>();
        for (var i = 0; i < 300; i++)
        {
            Assert.True(table.TryFindOrAdd(Encoding.ASCII.GetBytes($"used{i}"), out var entry));
            used.Add(entry);
        }

        for (var i = 0; i < 200; i++)
        {
            Count(table, $"k{i}");
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.False(Has(table, "k99"));
        Assert.True(Has(table, "k199"));
        Assert.Equal(400, table.Used);

        used.ForEach(static entry => entry.Leave());
        for (var i = 0; i < 400; i++)
        {
            Count(table, $"new{i}");
        }

        Assert.False(Has(table, "used0"));
        Assert.Equal(400, table.All().Count());
    }

    [Fact]
    public void A_key_that_was_in_use_when_it_would_have_expired_expires_afterwards()
    {
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(10));
        Assert.True(table.TryFindOrAdd("a"u8, out var entry));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, table.Used);

        entry.Touch(table.Now);
        entry.Leave();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(Has(table, "a"));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Empty(table.All());
    }

    [Fact]
    public void Expired_key_that_two_ask_for_at_once_begins_anew_for_both()
    {
        var time = new AskingTimeProvider(_time);
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(10), time);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Count(table, "a");
        _time.Advance(TimeSpan.FromSeconds(10.1)); // no sweep came by
        time.WhenAsked = () => Count(table, "a"); // another thread comes while this one finds out whether it has expired

        Count(table, "a");

        Assert.Equal(2, Requests(table, "a"));
        Assert.Equal(1, table.Used);
    }

    [Fact]
    public void Expired_key_that_another_tracks_is_found()
    {
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(1));
        Count(table, "a");
        Assert.True(table.TryFindOrAdd("a"u8, out var tracked));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, Requests(table, "a"));
        tracked.Leave();
        Assert.False(Has(table, "a"));
    }

    [Fact]
    public void Expired_keys_neither_count_nor_take_the_place_of_new_ones()
    {
        using var table = Table(1, options => (options.Expire, options.KeepsOld) = (TimeSpan.FromMinutes(10), true));
        _time.Advance(TimeSpan.FromSeconds(30)); // so that it expires between two sweeps, which are a minute apart
        Count(table, "a");
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(1, table.Used);
        Assert.False(table.TryFindOrAdd("b"u8, out _));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((0, 1), (table.Used, table.Available));
        Assert.True(table.TryFindOrAdd("b"u8, out _));
    }

    [Fact]
    public void Byte_rates_are_divided_when_they_are_told_so_that_small_messages_add_up()
    {
        using var table = Table(1, options =>
        {
            options.ByteRateFactor = 1024;
            options.Store.Add(new StickData(StickDataType.BytesIn));
            options.Store.Add(new StickData(StickDataType.BytesInRate, TimeSpan.FromMinutes(1)));
        });
        Assert.True(table.TryFindOrAdd("a"u8, out var entry));
        _time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 100; i++)
        {
            table.Count(entry, StickDataType.BytesIn, StickDataType.BytesInRate, 512);
        }

        Assert.True(table.TryRead(entry, StickDataType.BytesInRate, 0, out var rate));
        Assert.Equal(50, rate);
        Assert.True(table.TryRead(entry, StickDataType.BytesIn, 0, out var total));
        Assert.Equal(51_200, total);
    }

    [Fact]
    public async Task Many_uses_at_once_leave_no_key_aside()
    {
        using var table = Table(16);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            var held = new Queue<StickEntry>();
            for (var i = 0; i < 20_000; i++)
            {
                if (table.TryFindOrAdd(Encoding.ASCII.GetBytes($"key{random.Next(40)}"), out var entry))
                {
                    held.Enqueue(entry);
                }

                if (held.Count > random.Next(6))
                {
                    held.Dequeue().Leave();
                }
            }

            while (held.TryDequeue(out var last))
            {
                last.Leave();
            }
        })));

        Assert.All(table.All(), entry => Assert.Equal((0, false), (entry.Uses, entry.IsAside)));
        for (var i = 0; i < 16; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Count(table, $"new{i}");
        }

        Assert.All(table.All(), entry => Assert.StartsWith("new", Encoding.ASCII.GetString(entry.Key), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_at_once_neither_lose_a_count_nor_a_place()
    {
        using var table = Table(64);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20_000; i++)
            {
                Count(table, $"key{random.Next(200)}");
                Count(table, "always");
            }
        })));

        Assert.InRange(table.Used, 1, 64 + 4);
        Assert.Equal(table.Used, table.All().Count());
        Assert.All(table.All(), entry => Assert.Equal(0, entry.Uses));
        table.Clear();
        Assert.Equal(0, table.Used);
    }

    /// <summary>Of two servers that have one number, clients of the one would stick to the other.</summary>
    [Fact]
    public async Task Servers_that_are_learnt_at_once_have_numbers_of_their_own()
    {
        const int Each = 20_000;
        using var table = Table(1);

        var numbers = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
            Enumerable.Range(0, Each).Select(i => table.NumberOf($"{worker} {i}")).ToArray())));

        Assert.Equal(4 * Each, numbers.SelectMany(static n => n).Distinct().Count());
        Assert.Equal(numbers[0][0], table.NumberOf("0 0"));
        Assert.All(numbers[3].Index(), number => Assert.Equal($"3 {number.Index}", table.ServerOf(number.Item)));
        Assert.Null(table.ServerOf(0));
    }

    [Fact]
    public void A_look_for_show_is_no_use_and_finds_none_that_has_expired()
    {
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(1)); // so that it expires between two sweeps
        Count(table, "a");
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(table.TryPeek("a"u8, out var entry));
        Assert.Equal((0, 6000), (entry.Uses, table.ExpiresIn(entry)));
        Assert.False(table.TryPeek("b"u8, out _));
        _time.Advance(TimeSpan.FromSeconds(6.2));
        Assert.False(table.TryPeek("a"u8, out _));

        Assert.True(table.TryFindOrAdd("a"u8, out entry));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(table.TryPeek("a"u8, out var used));
        Assert.Same(entry, used);
    }

    [Fact]
    public void A_key_is_taken_out_unless_it_is_in_use_or_has_expired()
    {
        using var table = Table(10, options => options.Expire = TimeSpan.FromSeconds(10));
        Count(table, "a");
        Assert.True(table.TryFind("a"u8, out var entry));
        Assert.False(table.TryRemove("a"u8));
        entry.Leave();

        Assert.True(table.TryRemove("a"u8));
        Assert.False(table.TryRemove("a"u8));
        Assert.Equal(0, table.Used);
        Count(table, "a");
        Assert.Equal(1, Requests(table, "a"));
        _time.Advance(TimeSpan.FromSeconds(10.5)); // no sweep came by
        Assert.False(table.TryRemove("a"u8));
        Assert.Empty(table.All());
    }

    private StickTable Table(int size, Action<StickTableOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new StickTableOptions { Name = "t", KeyType = StickKeyType.String, Size = size };
        options.Store.Add(new StickData(StickDataType.Requests));
        configure?.Invoke(options);
        return new StickTable(options, time ?? _time);
    }

    private static void Count(StickTable table, string key)
    {
        if (table.TryFindOrAdd(Encoding.ASCII.GetBytes(key), out var entry))
        {
            table.Count(entry, StickDataType.Requests, StickDataType.RequestRate);
            entry.Leave();
        }
    }

    private static long Requests(StickTable table, string key)
    {
        if (!table.TryFind(Encoding.ASCII.GetBytes(key), out var entry))
        {
            return 0;
        }

        table.TryRead(entry, StickDataType.Requests, 0, out var value);
        entry.Leave();
        return value;
    }

    private static bool Has(StickTable table, string key)
    {
        var found = table.TryFind(Encoding.ASCII.GetBytes(key), out var entry);
        entry?.Leave();
        return found;
    }

    /// <summary>Does something when it is asked for the time, once.</summary>
    private sealed class AskingTimeProvider(TimeProvider inner) : TimeProvider
    {
        public Action? WhenAsked { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp()
        {
            var asked = WhenAsked;
            WhenAsked = null;
            asked?.Invoke();
            return inner.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}

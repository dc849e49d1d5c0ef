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

    private StickTable Table(int size, Action<StickTableOptions>? configure = null)
    {
        var options = new StickTableOptions { Name = "t", KeyType = StickKeyType.String, Size = size };
        options.Store.Add(new StickData(StickDataType.Requests));
        configure?.Invoke(options);
        return new StickTable(options, _time);
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
}

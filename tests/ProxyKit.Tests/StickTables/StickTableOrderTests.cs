using System.Text;
using ProxyKit.StickTables;
using ProxyKit.Testing;

namespace ProxyKit.Tests.StickTables;

/// <summary>Who leaves, and when: the list by last use, and those who clear it.</summary>
public sealed class StickTableOrderTests
{
    private readonly ManualTimeProvider _time = new();

    /// <summary>A key that is put back in its place stands before those that were used after it, however young they are.</summary>
    [Fact]
    public void A_key_that_was_used_again_expires_before_a_newer_one()
    {
        using var table = Table(2, options => (options.Expire, options.KeepsOld) = (TimeSpan.FromSeconds(30), true));
        UseAt(0, table, "a");
        UseAt(5, table, "a");
        UseAt(29.9, table, "b");
        AdvanceTo(table, 36); // the sweep at 30 s has met the first one

        Assert.Equal("b", Assert.Single(Keys(table)));
        Assert.Equal((1, 1), (table.Used, table.Available));
        Assert.True(table.TryFindOrAdd("c"u8, out _));
    }

    [Fact]
    public void A_full_table_lets_the_key_go_that_was_used_again_before_others()
    {
        using var table = Table(3);
        UseAt(0, table, "a");
        UseAt(1, table, "b");
        UseAt(2, table, "a");
        UseAt(3, table, "c");
        UseAt(4, table, "d");
        Assert.Equal(["a", "c", "d"], Keys(table));

        UseAt(5, table, "e");

        Assert.Equal(["c", "d", "e"], Keys(table));
    }

    /// <summary>The way to its place is bounded: behind many it leaves late, and those who stand before it are none the worse.</summary>
    [Fact]
    public void A_key_that_was_used_before_many_others_leaves_before_most_of_them()
    {
        using var table = Table(200);
        UseAt(0, table, "a");
        UseAt(1, table, "a");
        for (var i = 0; i < 199; i++)
        {
            UseAt(2 + i, table, $"k{i}");
        }

        for (var i = 0; i < 140; i++)
        {
            UseAt(300 + i, table, $"new{i}");
        }

        Assert.DoesNotContain("a", Keys(table));
        Assert.Contains("k150", Keys(table));
    }

    /// <summary>Who takes a key out marks it before the list knows: until then others look behind it.</summary>
    [Fact]
    public void A_key_that_somebody_takes_out_keeps_no_room_from_a_new_one()
    {
        using var table = Table(2);
        Assert.True(UseAt(0, table, "a").TryRetire());
        UseAt(1, table, "b");

        Assert.True(table.TryFindOrAdd("c"u8, out _));
        Assert.Equal(2, table.Used);
        Assert.DoesNotContain("b", Keys(table));
    }

    [Fact]
    public void A_key_that_somebody_takes_out_does_not_end_a_sweep()
    {
        using var table = Table(3, options => options.Expire = TimeSpan.FromSeconds(10));
        Assert.True(UseAt(0, table, "a").TryRetire());
        UseAt(1, table, "b");
        UseAt(15, table, "c");

        Assert.Equal(2, table.Used); // the one that is being taken out is not counted out yet
    }

    /// <summary>Whoever asks how full a table is does not wait for all that was used since it took its place.</summary>
    [Fact]
    public void A_request_puts_few_keys_back_in_their_places_and_the_timer_all()
    {
        using var table = Table(500, options => (options.Expire, options.KeepsOld) = (TimeSpan.FromMinutes(10), true));
        for (var i = 0; i < 1000; i++)
        {
            UseAt(i < 500 ? 30 : 100, table, $"k{i % 500}"); // sweeps are a minute apart
        }

        AdvanceTo(table, 631);
        Assert.Equal(500, table.Used);
        Assert.InRange(PutBack(), 1, 64);
        Assert.False(table.TryFindOrAdd("new"u8, out _));
        Assert.InRange(PutBack(), 65, 128);

        AdvanceTo(table, 660);
        Assert.Equal(500, PutBack());

        int PutBack() => table.All().Count(static entry => entry.PlacedAt == entry.UsedAt);
    }

    /// <summary>Whoever asks how full a table is does not wait for all that has expired at once.</summary>
    [Fact]
    public void A_request_takes_few_keys_out_that_have_expired_and_the_timer_all()
    {
        using var table = Table(500, options => (options.Expire, options.KeepsOld) = (TimeSpan.FromSeconds(90), true));
        for (var i = 0; i < 500; i++)
        {
            UseAt(1, table, $"k{i}"); // sweeps are 22.5 seconds apart: the next one comes at 112.5
        }

        AdvanceTo(table, 91);
        Assert.Equal(500 - 64, table.Used);
        Assert.False(table.TryFind("k499"u8, out _)); // and is taken out, having expired
        Assert.Equal(500 - 129, table.Used);
        Assert.Empty(table.All());
        Assert.True(table.TryFindOrAdd("new"u8, out _)); // full as it looks there is room

        AdvanceTo(table, 113);
        Assert.Equal(["new"], Keys(table));
        Assert.Equal(1, table.Used);
    }

    /// <summary>What has expired makes room in a table that keeps the old, however much of it there is.</summary>
    [Fact]
    public void A_full_table_whose_keys_have_all_expired_takes_new_ones()
    {
        using var table = Table(500, options => (options.Expire, options.KeepsOld) = (TimeSpan.FromSeconds(90), true));
        for (var i = 0; i < 500; i++)
        {
            UseAt(1, table, $"k{i}");
        }

        AdvanceTo(table, 91);

        Assert.All(Enumerable.Range(0, 500), i => Assert.True(table.TryFindOrAdd(Encoding.ASCII.GetBytes($"n{i}"), out _)));
        Assert.False(table.TryFindOrAdd("n500"u8, out _));
        Assert.Equal(500, table.Used);
    }

    private static string[] Keys(StickTable table) => [.. table.All().Select(static entry => Encoding.ASCII.GetString(entry.Key)).Order(StringComparer.Ordinal)];

    private StickTable Table(int size, Action<StickTableOptions>? configure = null)
    {
        var options = new StickTableOptions { Name = "t", KeyType = StickKeyType.String, Size = size };
        configure?.Invoke(options);
        return new StickTable(options, _time);
    }

    private void AdvanceTo(StickTable table, double seconds) => _time.Advance(TimeSpan.FromMilliseconds((seconds * 1000) - table.Now));

    private StickEntry UseAt(double seconds, StickTable table, string key)
    {
        AdvanceTo(table, seconds);
        Assert.True(table.TryFindOrAdd(Encoding.ASCII.GetBytes(key), out var entry));
        entry.Leave();
        return entry;
    }
}

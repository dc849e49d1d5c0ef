using ProxyKit.StickTables;
using ProxyKit.Testing;

namespace ProxyKit.Tests.StickTables;

public sealed class StickTableTextTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(StickKeyType.IPv4, "192.0.2.7", "192.0.2.7")]
    [InlineData(StickKeyType.IPv4, "::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData(StickKeyType.IPv4, "2001:db8::1", null)]
    [InlineData(StickKeyType.IPv4, "a", null)]
    [InlineData(StickKeyType.IPv6, "2001:db8::1", "2001:db8::1")]
    [InlineData(StickKeyType.IPv6, "192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData(StickKeyType.IPv6, "", null)]
    [InlineData(StickKeyType.Integer, "4294967295", "4294967295")]
    [InlineData(StickKeyType.Integer, "4294967296", null)]
    [InlineData(StickKeyType.Integer, "-1", null)]
    [InlineData(StickKeyType.String, "é of 16", "é of ")] // six bytes
    [InlineData(StickKeyType.String, "", "")]
    [InlineData(StickKeyType.Binary, "0AFF", "0aff00000000")]
    [InlineData(StickKeyType.Binary, "01020304050607", "010203040506")]
    [InlineData(StickKeyType.Binary, "012", null)]
    [InlineData(StickKeyType.Binary, "0g", null)]
    public void Text_of_a_key_is_read_and_shown(StickKeyType type, string text, string? shown)
    {
        using var table = Table(type);

        Assert.Equal(shown, StickTableText.TryParseKey(table, text, out var key) ? StickTableText.KeyOf(table, key) : null);
    }

    [Fact]
    public void Entry_is_shown_with_all_that_is_stored()
    {
        using var table = Table(
            StickKeyType.String,
            new(StickDataType.ServerKey),
            new(StickDataType.Counters, Count: 2),
            new(StickDataType.RequestRate, TimeSpan.FromSeconds(10)),
            new(StickDataType.Requests));
        Assert.True(table.TryFindOrAdd("a"u8, out var entry));
        table.Count(entry, StickDataType.Requests, StickDataType.RequestRate);
        table.Add(entry, StickDataType.Counters, 1, 7);
        table.Add(entry, StickDataType.ServerKey, 0, table.NumberOf("s1"));

        var shown = StickTableText.Read(table, entry);

        Assert.Equal(("a", null, 1, "s1"), (shown.Key, shown.ExpiresIn, shown.Uses, shown.Server));
        Assert.Equal(
            [
                new StickValue(StickDataType.Requests, 0, null, 1),
                new StickValue(StickDataType.RequestRate, 0, TimeSpan.FromSeconds(10), 1),
                new StickValue(StickDataType.Counters, 0, null, 0),
                new StickValue(StickDataType.Counters, 1, null, 7),
            ],
            shown.Values);
        Assert.Equal((7, null, null), (shown[StickDataType.Counters, 1], shown[StickDataType.Counters, 2], shown[StickDataType.Errors]));
    }

    private StickTable Table(StickKeyType type, params StickData[] store)
    {
        var options = new StickTableOptions { Name = "t", KeyType = type, KeyLength = 6, Size = 10 };
        foreach (var data in store)
        {
            options.Store.Add(data);
        }

        return new StickTable(options, _time);
    }
}

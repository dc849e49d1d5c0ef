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
    [InlineData(StickKeyType.IPv4, "::ffff:10", null)]
    [InlineData(StickKeyType.IPv4, "a", null)]
    [InlineData(StickKeyType.IPv4, "10", null)]
    [InlineData(StickKeyType.IPv4, "10.1", null)]
    [InlineData(StickKeyType.IPv4, "0x7f.0.0.1", null)]
    [InlineData(StickKeyType.IPv4, "010.0.0.1", null)] // eight or ten
    [InlineData(StickKeyType.IPv4, "192.0.2.7 ", null)]
    [InlineData(StickKeyType.IPv6, "2001:db8::1", "2001:db8::1")]
    [InlineData(StickKeyType.IPv6, "192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData(StickKeyType.IPv6, "", null)]
    [InlineData(StickKeyType.IPv6, "10", null)]
    [InlineData(StickKeyType.IPv6, "2001:DB8:0::1", "2001:db8::1")]
    [InlineData(StickKeyType.IPv6, "fe80::1%2", null)]
    [InlineData(StickKeyType.IPv6, "[2001:db8::1]", null)]
    [InlineData(StickKeyType.IPv6, "[2001:db8::1]:80", null)]
    [InlineData(StickKeyType.IPv6, "2001:db8::1/64", null)]
    [InlineData(StickKeyType.Integer, "4294967295", "4294967295")]
    [InlineData(StickKeyType.Integer, "4294967296", null)]
    [InlineData(StickKeyType.Integer, "-1", null)]
    [InlineData(StickKeyType.String, "é of 16", "é of ")] // six bytes
    [InlineData(StickKeyType.String, "", "")]
    [InlineData(StickKeyType.String, @"\x61\XFF", null)]
    [InlineData(StickKeyType.String, @"\x61\\\xFFbc", @"a\\\xffbc")]
    [InlineData(StickKeyType.String, @"\xc3\xa9", "é")]
    [InlineData(StickKeyType.String, "abcdeé", @"abcde\xc3")]
    [InlineData(StickKeyType.String, @"a\", null)]
    [InlineData(StickKeyType.String, @"\x", null)]
    [InlineData(StickKeyType.String, @"\xf", null)]
    [InlineData(StickKeyType.String, @"\xfg", null)]
    [InlineData(StickKeyType.String, @"\n", null)]
    [InlineData(StickKeyType.Binary, "0AFF", "0aff00000000")]
    [InlineData(StickKeyType.Binary, "01020304050607", "010203040506")]
    [InlineData(StickKeyType.Binary, "012", null)]
    [InlineData(StickKeyType.Binary, "0g", null)]
    public void Text_of_a_key_is_read_and_shown(StickKeyType type, string text, string? shown)
    {
        using var table = Table(type);

        Assert.Equal(shown, StickTableText.TryParseKey(table, text, out var key) ? StickTableText.KeyOf(table, key) : null);
    }

    /// <summary>Keys come from clients: each is shown as a text of its own, by which it is found again.</summary>
    [Theory]
    [InlineData("61FF", @"a\xff")]
    [InlineData("61EFBFBD", "a\ufffd")]
    [InlineData("5C786666", @"\\xff")]
    [InlineData("E282", @"\xe2\x82")]
    [InlineData("E282AC80", @"€\x80")]
    [InlineData("C080EDA080", @"\xc0\x80\xed\xa0\x80")]
    [InlineData("F09F9880", "\U0001F600")]
    [InlineData("000A7F", "\0\n\u007f")]
    public void Key_of_any_bytes_is_shown_and_read_back(string hex, string shown)
    {
        using var table = Table(StickKeyType.String);
        var key = Convert.FromHexString(hex);

        Assert.Equal(shown, StickTableText.KeyOf(table, key));
        Assert.True(StickTableText.TryParseKey(table, shown, out var read));
        Assert.Equal(key, read);
    }

    /// <summary>Half of a pair of surrogates has no bytes; attributes cannot hold one either.</summary>
    [Fact]
    public void Text_that_has_no_bytes_is_no_key()
    {
        using var table = Table(StickKeyType.String);

        Assert.False(StickTableText.TryParseKey(table, "a\ud800", out _));
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

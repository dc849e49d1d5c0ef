using System.Text;
using ProxyKit.Metering;

namespace ProxyKit.Tests.Metering;

public sealed class UsageTextTests
{
    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("", "")]
    [InlineData("Zürich", "Zürich")]
    [InlineData("a\nb", @"a\x0ab")]
    [InlineData(@"a\b", @"a\x5cb")]
    [InlineData("a\u009b31mé", @"a\xc2\x9b31mé")]
    public void Name_is_written_so_that_it_can_be_seen(string name, string expected) => Assert.Equal(expected, Written(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("acme", "acme")]
    [InlineData(@"a\b", @"a\x5cb")]
    [InlineData(@"a\x5cb", @"a\x5cb")]
    [InlineData(@"a\x5", @"a\x5cx5")]
    [InlineData(@"a\x5Cb", @"a\x5cx5Cb")]
    [InlineData("a\\x5c\n", @"a\x5cx5c\x0a")]
    [InlineData("\u0085", @"\xc2\x85")]
    [InlineData(@"\xc2\x85", @"\xc2\x85")]
    [InlineData("\u00a0", "\u00a0")]
    public void Name_is_found_as_it_is_and_as_it_was_written(string name, string stored) => Assert.Equal(stored, UsageText.Stored(name));

    [Fact]
    public void Long_name_is_found_as_it_was_written()
    {
        var name = new string('a', 300);

        Assert.Equal(Written(Encoding.UTF8.GetBytes(name)), UsageText.Stored(name));
        Assert.Equal(UsageText.Stored(name), UsageText.Stored(UsageText.Stored(name)));
    }

    [Theory]
    [InlineData(218)]
    [InlineData(219)]
    [InlineData(220)]
    [InlineData(221)]
    [InlineData(222)]
    public void Long_name_is_not_cut_within_what_stands_for_a_byte(int before)
    {
        var name = new string('a', before) + "\n" + new string('b', 100);
        var stored = UsageText.Stored(name);

        Assert.Equal(Written(Encoding.UTF8.GetBytes(name)), stored);
        Assert.Equal(stored, UsageText.Stored(stored));
        Assert.StartsWith(new string('a', Math.Min(before, 218)), stored, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_apart() => Assert.NotEqual(Written([0xE9]), Written([0xE8]));

    [Fact]
    public void Text_and_what_looks_like_its_escape_are_told_apart() => Assert.NotEqual(Written("\n"u8.ToArray()), Written(@"\x0a"u8.ToArray()));

    [Fact]
    public void Long_names_that_begin_alike_are_told_apart()
    {
        var (a, b) = (Written(Encoding.UTF8.GetBytes(new string('é', 300) + "a")), Written(Encoding.UTF8.GetBytes(new string('é', 300) + "b")));

        Assert.NotEqual(a, b);
        Assert.True(Encoding.UTF8.GetByteCount(a) <= UsageText.MaxBytes);
        Assert.DoesNotContain('\uFFFD', a);
    }

    [Fact]
    public void Any_bytes_fit_and_are_text_again()
    {
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var name = new byte[random.Next(600)];
            random.NextBytes(name);

            Assert.DoesNotContain('\uFFFD', Written(name));
            Assert.DoesNotContain(Written(name), char.IsControl);
            Assert.Equal(Written(name), UsageText.Stored(Written(name)));
        }
    }

    private static string Written(byte[] name)
    {
        var target = new byte[UsageText.MaxBytes];
        return Encoding.UTF8.GetString(target, 0, UsageText.Write(name, target));
    }

    [Fact]
    public void Meters_of_an_event_are_no_null() =>
        Assert.Throws<ArgumentNullException>(static () => new UsageEvent { Id = Guid.NewGuid(), Time = DateTimeOffset.UnixEpoch, Client = "acme", Meters = null! });
}

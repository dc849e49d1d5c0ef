using System.Text;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Stickiness;

public sealed class CookieDateTests
{
    [Theory]
    [InlineData(0, "AAAAA")]
    [InlineData(4, "AAAAB")]
    [InlineData(4 * 63, "AAAA/")]
    [InlineData(4 * 64, "AAABA")]
    [InlineData(4L * ((1 << 30) - 1), "/////")]
    [InlineData(1_763_706_495, "aSAGf")]
    public void Date_is_thirty_bits_of_four_second_steps(long seconds, string text)
    {
        var written = new byte[CookieDate.Length];

        CookieDate.Write(written, seconds);

        Assert.Equal(text, Encoding.ASCII.GetString(written));
        Assert.Equal(seconds / 4 * 4, CookieDate.Read(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAA-A")]
    [InlineData("AAAA=")]
    public void Text_that_is_no_date_reads_as_none(string text) => Assert.Equal(0, CookieDate.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Date_ends_behind_five_characters() => Assert.Equal(4, CookieDate.Read("AAAAB*|"u8));

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 104)]
    [InlineData(103, 104)]
    public void Now_is_rounded_up_to_a_step(long seconds, long rounded) => Assert.Equal(rounded, CookieDate.RoundUp(seconds));
}

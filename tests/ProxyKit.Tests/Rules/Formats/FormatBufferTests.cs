using System.Text;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatBufferTests
{
    [Fact]
    public void A_buffer_grows_and_stops_at_its_limit()
    {
        var buffer = new FormatBuffer(3_000);
        for (var i = 0; i < 3_000; i++)
        {
            buffer.Append((byte)('a' + (i % 26)));
        }

        Assert.False(buffer.IsFull);
        buffer.Append("more"u8);
        Assert.True(buffer.IsFull);
        Assert.Equal(string.Concat(Enumerable.Range(0, 3_000).Select(i => (char)('a' + (i % 26)))), Encoding.ASCII.GetString(buffer.Written));
        buffer.Dispose();
    }

    [Fact]
    public void What_does_not_fit_is_cut_and_nothing_comes_behind_it()
    {
        var buffer = new FormatBuffer(5);
        buffer.Append("abc"u8);
        buffer.Append("defg"u8);
        buffer.Append((byte)'h');
        buffer.Append(1);

        Assert.Equal("abcde", Encoding.ASCII.GetString(buffer.Written));
        buffer.Restore(4);
        buffer.Append((byte)'x');
        Assert.Equal("abcdx", Encoding.ASCII.GetString(buffer.Written));
        buffer.Dispose();
    }

    [Theory]
    [InlineData(0, "0", "000", "0000")]
    [InlineData(7, "7", "007", "0007")]
    [InlineData(1234567, "1234567", "1234567", "12D687")]
    [InlineData(long.MinValue, "-9223372036854775808", "-9223372036854775808", "8000000000000000")]
    public void Numbers_have_their_digits(long number, string plain, string digits, string hex)
    {
        var buffer = new FormatBuffer(100);
        buffer.Append(number);
        buffer.Append((byte)' ');
        buffer.AppendDigits(number, 3);
        buffer.Append((byte)' ');
        buffer.AppendHex(number, 4);

        Assert.Equal($"{plain} {digits} {hex}", Encoding.ASCII.GetString(buffer.Written));
        buffer.Dispose();
    }

    [Theory]
    [InlineData(100, "a626364", false)]
    [InlineData(7, "a626364", false)]
    [InlineData(6, "a6263", true)]
    [InlineData(4, "a62", true)]
    public void Bytes_become_digits_where_they_stand(int limit, string expected, bool isFull)
    {
        var buffer = new FormatBuffer(limit);
        buffer.Append("abcd"u8);
        buffer.ToHex(1);

        Assert.Equal(expected, Encoding.ASCII.GetString(buffer.Written));
        Assert.Equal(isFull, buffer.IsFull);
        buffer.Dispose();
    }

    [Fact]
    public void What_is_one_byte_too_long_for_its_digits_loses_that_byte()
    {
        var buffer = new FormatBuffer(65535);
        buffer.Append(new byte[32768]);
        buffer.ToHex(0);

        Assert.Equal(65534, buffer.Length);
        Assert.False(buffer.Written.ContainsAnyExcept((byte)'0'));
        Assert.True(buffer.IsFull);
        buffer.Dispose();
    }
}

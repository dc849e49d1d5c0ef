using ProxyKit.HAProxyConfig.Units;

namespace ProxyKit.HAProxyConfig.Tests.Units;

public sealed class UnitTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("100", 100)]
    [InlineData("1500us", 1)]
    [InlineData("5ms", 5)]
    [InlineData("2s", 2_000)]
    [InlineData("3m", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("24d", 2_073_600_000)]
    [InlineData("2147483647", 2_147_483_647)]
    [InlineData("0us", 0)]
    public void Time_is_read_with_its_unit(string text, long milliseconds)
    {
        Assert.Null(ConfigTime.Read(text, "timeout client", out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("2147483648", "timer overflow in argument '2147483648' to 'timeout client' (maximum value is 2147483647 ms or ~24.8 days)")]
    [InlineData("25d", "timer overflow in argument '25d' to 'timeout client' (maximum value is 2147483647 ms or ~24.8 days)")]
    [InlineData("99999999999999999999s", "timer overflow in argument '99999999999999999999s' to 'timeout client' (maximum value is 2147483647 ms or ~24.8 days)")]
    [InlineData("999us", "timer underflow in argument '999us' to 'timeout client' (minimum non-null value is 1 ms)")]
    [InlineData("1.5s", "unexpected character '.' in 'timeout client'")]
    [InlineData("x", "unexpected character 'x' in 'timeout client'")]
    [InlineData("-1", "unexpected character '-' in 'timeout client'")]
    [InlineData("1sec", "unexpected character 'e' in 'timeout client'")]
    [InlineData("1S", "unexpected character 'S' in 'timeout client'")]
    [InlineData("", "'timeout client' expects a time")]
    public void Time_that_is_none_is_told(string text, string fault)
    {
        Assert.Equal(fault, ConfigTime.Read(text, "timeout client", out _));
    }

    [Fact]
    public void Time_of_a_keyword_in_seconds_needs_no_unit()
    {
        Assert.Null(ConfigTime.Read("10", "maxidle", out var time, inSeconds: true));
        Assert.Equal(TimeSpan.FromSeconds(10), time);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("1k", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("2m", 2 * 1024 * 1024)]
    [InlineData("1G", 1024L * 1024 * 1024)]
    public void Size_is_read_with_its_unit(string text, long bytes)
    {
        Assert.Null(ConfigSize.Read(text, "size", out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("", "'size' expects a size")]
    [InlineData("k", "unexpected character 'k' in 'size'")]
    [InlineData("1t", "unexpected character 't' in 'size'")]
    [InlineData("1.5k", "unexpected character '.' in 'size'")]
    [InlineData("9223372036854775807k", "size overflow in argument '9223372036854775807k' to 'size'")]
    public void Size_that_is_none_is_told(string text, string fault)
    {
        Assert.Equal(fault, ConfigSize.Read(text, "size", out _));
    }
}

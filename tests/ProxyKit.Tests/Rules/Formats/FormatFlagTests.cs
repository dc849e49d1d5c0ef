using System.Net;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatFlagTests
{
    private static readonly LoggedExchange Unreached = new() { Server = null, RequestLine = "GET /a HTTP/1.0"u8.ToArray() };

    [Theory]
    [InlineData("%{+Q}r", "\"GET /a HTTP/1.0\"")]
    [InlineData("%{+Q}b %{+Q}s %{+Q}ft", "\"api\" \"<NOSRV>\" \"edge\"")]
    [InlineData("%{+Q}ci %{+Q}fi", "\"203.0.113.9\" \"198.51.100.4\"")]
    [InlineData("%{+Q}si %{+Q}sp %{+Q}bi %{+Q}bp", "\"\" \"\" \"\" \"\"")]
    [InlineData("%{+Q}HQ %{+Q}HPO %{+Q}CC %{+Q}ID %{+Q}sslv", "\"\" \"/a\" \"\" \"\" \"\"")]
    [InlineData("%{+Q}cp %{+Q}ST %{+Q}Ta %{+Q}B %{+Q}lc", "51422 200 17 812 0")]
    [InlineData("%{+Q}t|%{+Q}T|%{+Q}ts|%{+Q}tsc", "21/Nov/2025:07:28:15.123|21/Nov/2025:07:28:15 +0000|--|----")]
    [InlineData("%{+Q}[t.str(a b)] %{+Q}[t.int(5)] %{+Q}[t.none] %{+Q}[t.str()]", "\"a b\" \"5\" \"\" \"\"")]
    public void Q_quotes_texts_and_not_numbers(string format, string expected) => Assert.Equal(expected, FormatBench.Write(format, Unreached));

    [Theory]
    [InlineData("%{+X}ci:%{+X}cp", "CB007109:C8DE")]
    [InlineData("%{+X}Ts", "6920148F")]
    [InlineData("%{+X}ms", "07B")]
    [InlineData("%{+X}rt %{+X}lc", "002A 0001")]
    [InlineData("%{+X}ST %{+X}Ta %{+X}B %{+X}U %{+X}ac %{+X}f", "200 17 812 77 12 edge")]
    [InlineData("%{+X}[t.int(255)] %{+X}[t.str(a)]", "255 a")]
    [InlineData("%{+X,+Q}ci %{+X,+Q}si", "CB007109 \"\"")]
    public void X_writes_addresses_and_their_like_in_hexadecimal(string format, string expected) =>
        Assert.Equal(expected, FormatBench.Write(format, Unreached with { Number = 42, LogNumber = 1 }));

    [Theory]
    [InlineData("[::1]:80", "00000000000000000000000000000001", "::1")]
    [InlineData("[fe80::1%3]:80", "FE800000000000000000000000000001", "fe80::1")]
    [InlineData("[::ffff:192.0.2.8]:80", "C0000208", "192.0.2.8")]
    public void An_address_is_written_by_its_bits_or_as_it_reads(string client, string hex, string text)
    {
        var exchange = Unreached with { Client = IPEndPoint.Parse(client) };

        Assert.Equal($"{hex} {text}", FormatBench.Write("%{+X}ci %ci", exchange));
    }

    [Fact]
    public void X_with_the_process_has_four_digits_at_least() =>
        Assert.Equal(Environment.ProcessId.ToString("X4", null), FormatBench.Write("%{+X}pid"));

    [Theory]
    [InlineData("%{+E}[t.str('a\"b]c\\d')]", "a\\\"b\\]c\\\\d")]
    [InlineData("%{+Q,+E}[t.str('a\"b')]", "\"a\\\"b\"")]
    [InlineData("%{+E}[t.str(#\u00e9)]", "#\u00e9")]
    [InlineData("%{+E}[t.str(\\n)]", "#0A")]
    [InlineData("%{+E}r", "GET /#22\\]#23\\\\#C3#A9 HTTP/1.0")] // encoded first, as without the flag
    [InlineData("%{+Q,+E}HU", "\"/#22\\]#23\\\\#C3#A9\"")]
    public void E_puts_backslashes_and_leaves_no_control_byte(string format, string expected) =>
        Assert.Equal(expected, FormatBench.Write(format, Unreached with { RequestLine = "GET /\"]#\\\u00e9 HTTP/1.0"u8.ToArray() }));

    [Fact]
    public void E_puts_backslashes_into_what_was_captured_too()
    {
        var context = FormatBench.ContextOf(Unreached, Capture.RequestHeader("x", 40));
        context.RequestCaptures.Set(0, "a]|\"\\"u8, 40);

        Assert.Equal("{a\\]#7C#22\\\\} a\\]#7C#22\\\\", FormatBench.Write("%{+E}hr %{+E}hrl", context));
    }

    [Fact]
    public void Bin_keeps_binary_values_whole()
    {
        Assert.Equal("A|A\0B|\0", FormatBench.Write("%[t.bin(410042)]|%{+bin}[t.bin(410042)]|%{+bin}[t.bin(00)]"));
        Assert.Equal("-|41", FormatBench.Write("%[t.bin(0041)]|%{+bin}[t.str(41)]"));
    }
}

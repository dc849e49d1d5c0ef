using System.Text;
using System.Text.Json;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatEncodingTests
{
    [Theory]
    [InlineData("%{+json}o %(ip)ci %(st:sint)ST", "{\"ip\": \"203.0.113.9\", \"st\": 200}")]
    [InlineData("%{+json}o %(request)r %(custom_expr)[t.str(custom)]", "{\"request\": \"GET /v1/x?y=1 HTTP/1.1\", \"custom_expr\": \"custom\"}")]
    [InlineData("%{+json}o", "{}")]
    [InlineData("%{+json}o text %ci %[t.str(a)]", "{}")]
    [InlineData("%(a)b %{+json}o %(b)s", "{\"a\": \"api\", \"b\": \"a2\"}")]
    [InlineData("%{+json}o%(s:str)ST %(t:bool)ST %(u:bool)sq %(v:sint)b %(w:sint)[t.str(12abc)]",
        "{\"s\": \"200\", \"t\": true, \"u\": false, \"v\": 0, \"w\": 12}")]
    [InlineData("%{+json}o%(i)[t.int(-5)] %(b)[t.bool(1)] %(c)[t.bool(0)] %(s)[t.str(x)]", "{\"i\": -5, \"b\": true, \"c\": false, \"s\": \"x\"}")]
    [InlineData("%{+json}o%(i:str)[t.int(-5)] %(b:sint)[t.bool(1)] %(c:str)[t.bool(1)] %(d:bool)[t.int(3)]", "{\"i\": \"-5\", \"b\": 1, \"c\": \"1\", \"d\": true}")]
    [InlineData("%{+json}o%(a)[t.none] %(b)[t.noint] %(c:sint)[t.none] %(d)CC %(e)bp %(f)si", "{\"a\": \"\", \"b\": null, \"c\": null, \"d\": \"\", \"e\": null, \"f\": \"\"}")]
    [InlineData("%{+json}o%(t)Ta %(b)B %(r)rc", "{\"t\": 17, \"b\": 812, \"r\": 0}")]
    [InlineData("%{+json}o%(x){+X}ci %(y){+X}cp", "{\"x\": \"CB007109\", \"y\": \"C8DE\"}")]
    [InlineData("%{+json}o%(d)t %(e)T %(f)tsc", "{\"d\": \"21/Nov/2025:07:28:15.123\", \"e\": \"21/Nov/2025:07:28:15 +0000\", \"f\": \"----\"}")]
    [InlineData("%{+json,+Q,+E}o%(d)[t.str('\"')]", "{\"d\": \"\\\"\"}")]
    public void Json_is_an_object_of_what_has_a_name(string format, string expected)
    {
        var text = FormatBench.Write(format);

        Assert.Equal(expected, text);
        using var parsed = JsonDocument.Parse(text);
        Assert.Equal(JsonValueKind.Object, parsed.RootElement.ValueKind);
    }

    [Fact]
    public void Json_has_no_plus_before_numbers() => Assert.Equal(
        "{\"a\": 812, \"b\": 17, \"c\": 2}",
        FormatBench.Write("%{+json}o%(a)B%(b)Ta%(c)rc", new LoggedExchange { IsEarly = true, Retries = 2, Redispatched = true }));

    [Fact]
    public void Json_escapes_what_a_string_cannot_have()
    {
        var exchange = new LoggedExchange { RequestLine = [.. "GET /\"a\\b\t\b\f\r\n\u0001\u007f "u8, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xFF, 0xC3] };

        var text = FormatBench.Write("%{+json}o%(r)r", exchange);

        Assert.Equal("{\"r\": \"GET /\\\"a\\\\b\\t\\b\\f\\r\\n\\u0001\\u007F \u00c3\u00a9\u00e2\u0082\u00ac\\u00FF\\u00C3\"}", text);
        using var parsed = JsonDocument.Parse(Encoding.Latin1.GetBytes(text));
        Assert.Equal("GET /\"a\\b\t\b\f\r\n\u0001\u007f \u00e9\u20ac\u00ff\u00c3", parsed.RootElement.GetProperty("r").GetString());
    }

    [Fact]
    public void Json_of_a_single_item_is_its_value() => Assert.Equal(
        "{ \"r\": \"GET /v1/x?y=1 HTTP/1.1\", \"n\": 5 } 200",
        FormatBench.Write("{ \"r\": %{+json}r, \"n\": %{+json}[t.int(5)] } %ST"));

    [Fact]
    public void Json_has_lists_of_captures()
    {
        var context = FormatBench.ContextOf(new LoggedExchange(), Capture.RequestHeader("Host", 40), Capture.RequestSlot(10), Capture.ResponseSlot(5));
        context.RequestCaptures.Set(0, "a\"b"u8, 40);

        Assert.Equal(
            "{\"r\": \"{a\\\"b|}\", \"l\": [\"a\\\"b\", \"\"], \"s\": \"{}\", \"m\": [\"\"]}",
            FormatBench.Write("%{+json}o%(r)hr%(l)hrl%(s)hs%(m)hsl", context));
        Assert.Equal("{\"r\": \"\"}", FormatBench.Write("%{+json}o%(r)hr", new LoggedExchange()));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(40)]
    [InlineData(29)]
    [InlineData(28)]
    [InlineData(16)]
    [InlineData(2)]
    public void Json_that_has_no_room_leaves_members_out(int limit)
    {
        var text = FormatBench.Write(
            FormatBench.Compile("%{+json}o%(a)[t.str(xxxxx)]%(b)ST%(c)[t.str(yyyy)]"), FormatBench.ContextOf(new LoggedExchange()), limit);

        using var parsed = JsonDocument.Parse(text);
        Assert.True(text.Length <= limit);
        Assert.Equal(limit switch { 1000 or 40 => 3, 29 or 28 => 2, 16 => 1, _ => 0 }, parsed.RootElement.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("%{+cbor}o", "BFFF")]
    [InlineData("%{+cbor}o text %ci", "BFFF")]
    [InlineData("%{+cbor}o %(ip)b %(st:sint)ST", "BF 62 6970 63 617069 62 7374 18C8 FF")]
    [InlineData("%{+cbor}o%(a)[t.int(-1)]%(b)[t.int(23)]%(c)[t.int(24)]%(d)[t.int(256)]%(e)[t.int(65536)]%(f)[t.int(4294967296)]",
        "BF 6161 20 6162 17 6163 1818 6164 190100 6165 1A00010000 6166 1B0000000100000000 FF")]
    [InlineData("%{+cbor}o%(a)[t.int(-9223372036854775808)]", "BF 6161 3B7FFFFFFFFFFFFFFF FF")]
    [InlineData("%{+cbor}o%(a)[t.bool(1)]%(b)[t.bool(0)]%(c)[t.noint]%(d)[t.none]", "BF 6161 F5 6162 F4 6163 F6 6164 60 FF")]
    [InlineData("%{+cbor}o%(a)[t.bin(00ff)]%(b:str)[t.bin(4100)]", "BF 6161 42 00FF 6162 61 41 FF")]
    [InlineData("%{+cbor}o%(a)[t.str(\u00e9)]", "BF 6161 62 C3A9 FF")]
    [InlineData("%{+cbor}o%(a:str)ST%(b:bool)ST", "BF 6161 63 323030 6162 F5 FF")]
    public void Cbor_is_a_map_of_what_has_a_name_in_hexadecimal(string format, string expected) =>
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), FormatBench.Write(format));

    [Fact]
    public void Cbor_has_captures_in_pieces_and_in_lists()
    {
        var context = FormatBench.ContextOf(new LoggedExchange(), Capture.RequestSlot(40), Capture.RequestSlot(10));
        context.RequestCaptures.Set(0, "ab"u8, 40);

        Assert.Equal("BF6161" + "7F" + "617B" + "626162" + "617C" + "617D" + "FF" + "6162" + "9F" + "626162" + "60" + "FF" + "FF",
            FormatBench.Write("%{+cbor}o%(a)hr%(b)hrl", context));
    }

    [Fact]
    public void Cbor_with_bin_is_the_bytes_themselves() =>
        Assert.Equal("\u00bfaacapi\u00ff", FormatBench.Write("%{+cbor,+bin}o%(a)b"));

    [Fact]
    public void Cbor_of_a_single_item_is_its_value() =>
        Assert.Equal("x 63617069 capi 18C8", FormatBench.Write("x %{+cbor}b %{+cbor,+bin}b %{+cbor}ST"));

    [Theory]
    [InlineData(1000, 4)]
    [InlineData(28, 2)]
    [InlineData(27, 1)]
    [InlineData(16, 1)]
    [InlineData(15, 0)]
    [InlineData(5, 0)]
    public void Cbor_that_has_no_room_leaves_members_out(int limit, int keys)
    {
        var text = FormatBench.Write(
            FormatBench.Compile("%{+cbor}o%(k)b%(k)b%(k)b%(k)b"), FormatBench.ContextOf(new LoggedExchange()), limit);

        Assert.Equal("BF" + string.Concat(Enumerable.Repeat("616B63617069", keys)) + "FF", text);
    }

    [Theory]
    [InlineData("%{+json,+cbor}o%(a)ST", "BF616118C8FF")]
    [InlineData("%{+cbor,+json}o%(a)ST", "{\"a\": 200}")]
    public void Of_two_encodings_the_last_counts(string format, string expected) => Assert.Equal(expected, FormatBench.Write(format));
}

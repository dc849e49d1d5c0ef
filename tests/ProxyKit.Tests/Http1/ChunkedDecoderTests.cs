using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

public sealed class ChunkedDecoderTests
{
    public static TheoryData<string, string> Malformed => new()
    {
        { "no size", "\r\nabc\r\n0\r\n\r\n" },
        { "no size before an extension", ";a=b\r\n" },
        { "a space before the size", " 3\r\nabc\r\n0\r\n\r\n" },
        { "a sign before the size", "+3\r\nabc\r\n0\r\n\r\n" },
        { "a negative size", "-1\r\n" },
        { "a size with 0x", "0x3\r\nabc\r\n0\r\n\r\n" },
        { "a size with h", "3h\r\nabc\r\n0\r\n\r\n" },
        { "a size with a point", "3.0\r\nabc\r\n" },
        { "a size with an underscore", "1_0\r\n" },
        { "a size with a high byte", "3\xa0\r\nabc\r\n" },
        { "a size with a comma", "3,\r\nabc\r\n" },
        { "a size in quotes", "\"3\"\r\nabc\r\n" },
        { "a letter behind f", "g\r\n" },
        { "a size of 14 digits", "10000000000000\r\n" },
        { "a size of 14 digits with leading zeros", "00000000000003\r\nabc\r\n" },
        { "a size that overflows 64 bits", "10000000000000003\r\nabc\r\n" },
        { "a size of 64 ones", "ffffffffffffffff\r\n" },
        { "a bare LF behind the size", "3\nabc\r\n0\r\n\r\n" },
        { "a bare CR behind the size", "3\rabc\r\n0\r\n\r\n" },
        { "CR CR LF behind the size", "3\r\r\nabc\r\n0\r\n\r\n" },
        { "a bare LF behind blanks", "3 \t\nabc\r\n" },
        { "another digit behind a blank", "3 3\r\nabc\r\n" },
        { "NUL behind the size", "3\0\r\nabc\r\n" },
        { "a vertical tab behind the size", "3\x0b\r\nabc\r\n" },
        { "a bare LF in an extension", "3;a\nabc\r\n0\r\n\r\n" },
        { "a bare CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n" },
        { "NUL in an extension", "3;a\0\r\nabc\r\n" },
        { "an open quote in an extension", "3;a=\"b\r\nabc\r\n0\r\n\r\n" },
        { "an LF within quotes", "3;a=\"\n\"\r\nabc\r\n" },
        { "a CR LF within quotes", "3;a=\"\r\n\"\r\nabc\r\n" },
        { "an escaped quote that leaves it open", "3;a=\"b\\\"\r\nabc\r\n" },
        { "an escaped CR", "3;a=\"\\\r\n\"\r\nabc\r\n" },
        { "a backslash outside quotes", "3;a=\\b\r\nabc\r\n" },
        { "an extension without end", "3;" + new string('a', 5000) + "\r\nabc\r\n" },
        { "blanks without end", "3" + new string(' ', 5000) + "\r\nabc\r\n" },
        { "data longer than its size", "3\r\nabcd\r\n0\r\n\r\n" },
        { "data shorter than its size", "4\r\nabc\r\n0\r\n\r\n" },
        { "a bare LF behind the data", "3\r\nabc\n0\r\n\r\n" },
        { "a bare CR behind the data", "3\r\nabc\r0\r\n\r\n" },
        { "nothing behind the data", "3\r\nabc0\r\n\r\n" },
        { "two line ends behind the data", "3\r\nabc\r\n\r\n0\r\n\r\n" },
        { "a bare LF behind the last size", "0\n\r\n" },
        { "a bare CR for the last line", "0\r\n\rX" },
        { "CR CR LF for the last line", "0\r\n\r\r\n" },
        { "a trailer without colon", "0\r\nabc\r\n\r\n" },
        { "a trailer without name", "0\r\n: abc\r\n\r\n" },
        { "a trailer with a space before its colon", "0\r\nX : abc\r\n\r\n" },
        { "a trailer with NUL", "0\r\nX: a\0\r\n\r\n" },
        { "a trailer with a bare CR", "0\r\nX: a\rb\r\n\r\n" },
        { "a trailer with a high byte in its name", "0\r\nX\xff: a\r\n\r\n" },
        { "a fold on the first trailer", "0\r\n X: a\r\n\r\n" },
        { "the next request for a trailer", "0\r\nGET / HTTP/1.1\r\n\r\n" },
        { "65 trailers", "0\r\n" + string.Concat(Enumerable.Repeat("X: a\r\n", 65)) + "\r\n" },
        { "a trailer longer than the limit", "0\r\nX: " + new string('a', 9000) + "\r\n\r\n" },
        { "trailers one byte longer than the limit", "0\r\nX: " + new string('a', 8192 - 6) + "\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_body_is_refused_for(string what, string wire) =>
        Assert.Equal((what, ChunkStatus.Invalid), (what, ChunkReading.Of(wire).Status));

    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("3\r\nabc\r\n4\r\ndefg\r\n1\r\nh\r\n0\r\n\r\n", "abcdefgh")]
    [InlineData("0000000000003\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n", "01234567890123456789")]
    [InlineData("3 \t \r\nabc\r\n0 \r\n\r\n", "abc")]
    [InlineData("3;a\r\nabc\r\n0;b=c;d\r\n\r\n", "abc")]
    [InlineData("3 ; a = b\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("3;\r\nabc\r\n0;;\r\n\r\n", "abc")]
    [InlineData("3;a=\"b;\\\"c\\\\\";d=\"\"\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("3;a=\xe4\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n")]
    [InlineData("5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n")]
    [InlineData("3\r\nabc\r\n0\r\n\n", "abc")]
    public void Chunks_are_taken_off(string wire, string payload) =>
        Assert.Equal(new ChunkReading(ChunkStatus.Done, payload, "", ""), ChunkReading.Of(wire));

    [Theory]
    [InlineData("X: a\r\n", "X: a\r\n")]
    [InlineData("X:a\r\ny:\t b \r\n", "X: a\r\ny: b\r\n")]
    [InlineData("X: a\nY: b\n", "X: a\r\nY: b\r\n")]
    [InlineData("X: a\r\n b\r\n", "X: a   b\r\n")]
    [InlineData("X:\r\n", "X: \r\n")]
    [InlineData("X: a\r\nX: b\r\n", "X: a\r\nX: b\r\n")]
    [InlineData(
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: h\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: h\r\n")]
    public void Trailers_are_passed_on_with_one_reading(string lines, string forwarded) =>
        Assert.Equal(
            new ChunkReading(ChunkStatus.Done, "abc", forwarded, "next"), ChunkReading.Of($"3\r\nabc\r\n0\r\n{lines}\r\nnext"));

    [Fact]
    public void As_many_trailers_as_allowed_fit_however_short()
    {
        Assert.Equal(64 * 6, ChunkReading.Of("0\r\n" + string.Concat(Enumerable.Repeat("X:a\n", 64)) + "\n").Trailers.Length);
        var trailers = "X: " + new string('a', 8192 - 7);
        Assert.Equal(trailers + "\r\n", ChunkReading.Of($"0\r\n{trailers}\r\n\r\n").Trailers);
    }

    [Fact]
    public void What_follows_the_body_is_not_touched() =>
        Assert.Equal("\r\n3\r\nabc\r\n", ChunkReading.Of("1\r\na\r\n0\r\n\r\n\r\n3\r\nabc\r\n").Rest);

    [Theory]
    [InlineData("", "")]
    [InlineData("fffffffffffff\r\nabc", "abc")]
    [InlineData("3\r\nab", "ab")]
    [InlineData("3\r\nabc\r", "abc")]
    [InlineData("0\r\n", "")]
    [InlineData("0\r\nX: a\r\n", "")]
    [InlineData("0\r\nX: a\r\n\r", "")]
    public void An_unfinished_body_waits_for_more(string wire, string payload) =>
        Assert.Equal(new ChunkReading(ChunkStatus.NeedMore, payload, "", ""), ChunkReading.Of(wire));

    [Fact]
    public void Payload_in_one_piece_is_left_where_it_lies()
    {
        var bytes = "3\r\nabc\r\n0\r\n\r\n"u8.ToArray();

        Assert.Equal(ChunkStatus.Done, new ChunkedDecoder().Decode(bytes, out var consumed, out var start, out var payload));
        Assert.Equal((bytes.Length, 3, 3), (consumed, start, payload));
    }

    [Fact]
    public void Nothing_is_consumed_behind_the_end()
    {
        var decoder = new ChunkedDecoder();
        decoder.Decode("0\r\n\r\n"u8.ToArray(), out _, out _, out _);

        Assert.Equal(ChunkStatus.Done, decoder.Decode("0\r\n\r\n"u8.ToArray(), out var consumed, out _, out var payload));
        Assert.Equal((0, 0), (consumed, payload));
    }

    [Fact]
    public void A_decoder_forgets_trailers_and_faults_with_a_reset()
    {
        var decoder = new ChunkedDecoder();
        decoder.Decode("0\r\nX: a\r\n\r\n"u8.ToArray(), out _, out _, out _);
        decoder.Reset();
        Assert.Equal(ChunkStatus.Invalid, decoder.Decode("2 ;\"\r\n"u8.ToArray(), out _, out _, out _));
        decoder.Reset();

        Assert.Equal(ChunkStatus.Done, decoder.Decode("0\r\n\r\n"u8.ToArray(), out _, out _, out _));
        Assert.True(decoder.Trailers.IsEmpty);
    }
}

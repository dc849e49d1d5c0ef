using System.Text;
using System.Text.RegularExpressions;
using ProxyKit.Http;

namespace ProxyKit.Tests.Http;

public sealed partial class KnownHeadersTests
{
    public static TheoryData<string> Names =>
        [.. Enum.GetNames<KnownHeader>().Where(name => name != nameof(KnownHeader.None))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_found_in_any_case_and_only_whole(string name)
    {
        var expected = Enum.Parse<KnownHeader>(name);
        var field = name switch
        {
            nameof(KnownHeader.Http2Settings) => "http2-settings",
            nameof(KnownHeader.SecWebSocketAccept) => "sec-websocket-accept",
            nameof(KnownHeader.SecWebSocketKey) => "sec-websocket-key",
            _ => Word().Replace(name, "-$0").ToLowerInvariant(),
        };

        Assert.Equal(expected, Find(field));
        Assert.Equal(expected, Find(field.ToUpperInvariant()));
        Assert.Equal(KnownHeader.None, Find(field + "s"));
        Assert.Equal(KnownHeader.None, Find(field[..^1] + "!"));
        Assert.Equal(KnownHeader.None, Find("!" + field[1..]));
    }

    [Fact]
    public void Their_number_fits_the_bits_that_the_parser_notes_them_in() => Assert.InRange(Enum.GetValues<KnownHeader>().Length, 1, 64);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("hosting-by-somebody-else")]
    public void Other_names_are_none(string name) => Assert.Equal(KnownHeader.None, Find(name));

    private static KnownHeader Find(string name) => KnownHeaders.Find(Encoding.Latin1.GetBytes(name));

    [GeneratedRegex("(?!^)[A-Z]")]
    private static partial Regex Word();
}

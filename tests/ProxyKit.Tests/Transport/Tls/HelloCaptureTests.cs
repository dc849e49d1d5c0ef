using ProxyKit.Rules.Converters.Hashes;
using ProxyKit.Tests.Rules.Fetches;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class HelloCaptureTests
{
    // Two suites, four extensions, and in these two groups, one format, one algorithm and one version.
    private static readonly byte[] Record = Hello.Record(
        Hello.Numbers(10, 0x001D, 0x0017), (11, [1, 0]), Hello.Numbers(13, 0x0403), (43, [2, 3, 4]));

    [Fact]
    public void Capture_holds_the_parts_of_a_hello()
    {
        var capture = Of(Record, 1000);

        Assert.Equal(0x0303, capture.Version);
        Assert.Equal("13021301", Convert.ToHexString(capture.CipherSuites));
        Assert.Equal("000A000B000D002B", Convert.ToHexString(capture.Extensions));
        Assert.Equal("001D0017", Convert.ToHexString(capture.Groups));
        Assert.Equal("00", Convert.ToHexString(capture.PointFormats));
        Assert.Equal("0403", Convert.ToHexString(capture.SignatureAlgorithms));
        Assert.Equal("0304", Convert.ToHexString(capture.Versions));
    }

    [Theory]
    [InlineData(1, "13", "", "", "", "", "")]
    [InlineData(4, "13021301", "", "", "", "", "")]
    [InlineData(7, "13021301", "000A00", "", "", "", "")]
    [InlineData(15, "13021301", "000A000B000D002B", "001D00", "", "", "")]
    [InlineData(17, "13021301", "000A000B000D002B", "001D0017", "00", "", "")]
    [InlineData(20, "13021301", "000A000B000D002B", "001D0017", "00", "0403", "03")]
    public void Capture_is_cut_where_its_room_ends(int room, string suites, string extensions, string groups, string formats, string signatures, string versions)
    {
        var capture = Of(Record, room);

        Assert.Equal(
            [suites, extensions, groups, formats, signatures, versions],
            [
                Convert.ToHexString(capture.CipherSuites), Convert.ToHexString(capture.Extensions), Convert.ToHexString(capture.Groups),
                Convert.ToHexString(capture.PointFormats), Convert.ToHexString(capture.SignatureAlgorithms), Convert.ToHexString(capture.Versions),
            ]);
        Assert.Equal((long)XxHash64.Of([0x13, 2, 0x13, 1]), capture.CipherSuitesHash);
    }

    [Fact]
    public void What_a_hello_lacks_is_empty()
    {
        var capture = Of(Hello.Record(Hello.Sni("a.example")), 1000);

        Assert.Equal("0000", Convert.ToHexString(capture.Extensions));
        Assert.True(capture.Groups.IsEmpty && capture.PointFormats.IsEmpty && capture.SignatureAlgorithms.IsEmpty && capture.Versions.IsEmpty);
    }

    [Theory]
    [InlineData(10, "FFFF001D")]
    [InlineData(11, "")]
    [InlineData(11, "0200")]
    [InlineData(43, "FF")]
    public void List_that_claims_more_than_it_has_is_none(int type, string content)
    {
        var capture = Of(Hello.Record((type, Convert.FromHexString(content))), 1000);

        Assert.Equal(2, capture.Extensions.Length);
        Assert.True(capture.Groups.IsEmpty && capture.PointFormats.IsEmpty && capture.Versions.IsEmpty);
    }

    internal static HelloCapture Of(byte[] record, int room)
    {
        Assert.Equal(HelloStatus.Complete, ClientHello.Read(record, out var hello));
        return new HelloCapture(hello, room);
    }
}

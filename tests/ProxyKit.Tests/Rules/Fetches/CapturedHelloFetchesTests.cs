using ProxyKit.Rules;
using ProxyKit.Tests.Transport.Tls;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class CapturedHelloFetchesTests
{
    private static readonly byte[] Record = Hello.Record(
        Hello.Numbers(10, 0x0A0A, 0x001D), (11, [1, 0]), (0x1A1A, []), Hello.Numbers(13, 0x0403), (43, [4, 0xFA, 0xFA, 3, 4]));

    [Theory]
    [InlineData("ssl_fc_protocol_hello_id", "771")]
    [InlineData("ssl_fc_cipherlist_bin", "13021301")]
    [InlineData("ssl_fc_cipherlist_hex", "13021301")]
    [InlineData("ssl_fc_cipherlist_str", "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256")]
    [InlineData("ssl_fc_extlist_bin", "000A000B1A1A000D002B")]
    [InlineData("ssl_fc_extlist_bin(0)", "000A000B1A1A000D002B")]
    [InlineData("ssl_fc_extlist_bin(1)", "000A000B000D002B")]
    [InlineData("ssl_fc_eclist_bin", "0A0A001D")]
    [InlineData("ssl_fc_eclist_bin(1)", "001D")]
    [InlineData("ssl_fc_ecformats_bin", "00")]
    [InlineData("ssl_fc_sigalgs_bin", "0403")]
    [InlineData("ssl_fc_supported_versions_bin", "FAFA0304")]
    [InlineData("ssl_fc_supported_versions_bin(1)", "0304")]
    public async Task Fetch_tells_what_the_client_said_first(string fetch, string value)
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };
        Assert.Null(context.Ask(fetch)); // nothing was to be kept

        pair.Server.Hello = HelloCaptureTests.Of(Record, 1000);

        Assert.Equal(value, context.Ask(fetch));
    }

    [Fact]
    public async Task Suite_without_a_name_is_told_by_its_number()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };
        var record = Hello.Record((11, [1, 0]));
        var suites = record.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x13, 2, 0x13, 1]);
        ((byte[])[0xCA, 0xCA, 0, 0xFF]).CopyTo(record, suites);
        pair.Server.Hello = HelloCaptureTests.Of(record, 1000);

        Assert.Equal("UNKNOWN(caca),TLS_EMPTY_RENEGOTIATION_INFO_SCSV", context.Ask("ssl_fc_cipherlist_str"));
        Assert.Equal("TLS_EMPTY_RENEGOTIATION_INFO_SCSV", context.Ask("ssl_fc_cipherlist_str(1)"));
        Assert.Equal("CACA00FF", context.Ask("ssl_fc_cipherlist_hex"));
    }
}

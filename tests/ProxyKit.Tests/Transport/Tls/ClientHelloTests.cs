using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class ClientHelloTests
{
    [Theory]
    [InlineData(200, 0xFFFFFF)]
    [InlineData(200, 197)]
    public void Hello_that_claims_more_than_its_record_has_is_not_waited_for(int recordLength, int length) =>
        Assert.Equal(HelloStatus.Split, ClientHello.Read(Begin(recordLength, length), out _));

    [Fact]
    public void Record_that_is_longer_than_records_are_is_no_hello() => Assert.Equal(HelloStatus.None, ClientHello.Read(Begin(16_385, 1_000), out _));

    [Fact]
    public void Hello_that_has_more_to_come_is_too_short() => Assert.Equal(HelloStatus.TooShort, ClientHello.Read(Begin(200, 196), out _));

    private static byte[] Begin(int recordLength, int length) =>
        [0x16, 3, 1, (byte)(recordLength >> 8), (byte)recordLength, 1, (byte)(length >> 16), (byte)(length >> 8), (byte)length, 3, 3];
}

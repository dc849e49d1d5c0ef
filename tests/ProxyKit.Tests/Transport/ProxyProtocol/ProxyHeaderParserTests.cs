using System.Net;
using ProxyKit.Transport.ProxyProtocol;
using static ProxyKit.Tests.Transport.ProxyProtocol.HeaderBytes;

namespace ProxyKit.Tests.Transport.ProxyProtocol;

public sealed class ProxyHeaderParserTests
{
    private const string Line = "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n";

    public static TheoryData<byte[]> Good =>
    [
        Text(Line),
        Text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
        Text("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"),
        Text("PROXY TCP6 ::1 :: 1 2\r\n"),
        Text("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
        Text("PROXY UNKNOWN\r\n"),
        Text("PROXY UNKNOWN ffff:f...f:ffff whatever 1\r\n"),
        Binary(Relayed, Tcp4, Ends4),
        Binary(Relayed, Tcp6, Ends6),
        Binary(Relayed, Unix, new byte[216], Field(2, 97)),
        Binary(Relayed, 0x00, [[1, 2, 3]]),
        Binary(Local, 0x00),
        Binary(Local, Tcp4, Ends4, [9]),
        Binary(Relayed, Tcp4, Ends4, Field(0x02, 97), Field(0x04), Field(0xEE, new byte[3000])),
        Checked(),
    ];

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public void Header_is_taken_whole_and_nothing_behind_it_however_it_is_split(byte[] header)
    {
        ArgumentNullException.ThrowIfNull(header);
        byte[] stream = [.. header, 0x16, 0x03, 0x01];
        for (var piece = 1; piece <= header.Length; piece++)
        {
            var (step, taken) = Feed(stream, piece) ?? throw new InvalidOperationException("it is here whole");
            Assert.Equal(ProxyHeaderFault.None, step.Fault);
            Assert.Equal(header.Length, taken);
        }
    }

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public void Beginning_of_a_header_is_none_yet(byte[] header)
    {
        ArgumentNullException.ThrowIfNull(header);
        for (var length = 0; length < header.Length; length++)
        {
            Assert.Null(Feed(header.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public void Any_byte_may_be_another_and_the_end_is_found_all_the_same(byte[] header)
    {
        ArgumentNullException.ThrowIfNull(header);
        byte[] stream = [.. header, .. new byte[20_000]];
        for (var place = 0; place < Math.Min(header.Length, 300); place++)
        {
            for (var value = 0; value < 256; value++)
            {
                stream[place] = (byte)value;
                var (_, taken) = Feed(stream) ?? throw new InvalidOperationException("there is no end to it");
                Assert.InRange(taken, 1, 16 * 1024);
            }

            stream[place] = header[place];
        }
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n", "192.0.2.1:51000", "198.51.100.2:443")]
    [InlineData("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 1 2\r\n", "[2001:db8::1]:1", "[::ffff:192.0.2.1]:2")]
    [InlineData("PROXY UNKNOWN\r\n", null, null)]
    public void Line_tells_both_ends(string line, string? source, string? destination)
    {
        var header = HeaderOf(Text(line));

        Assert.Equal(source, header.Source?.ToString());
        Assert.Equal(destination, header.Destination?.ToString());
    }

    [Fact]
    public void Binary_header_tells_both_ends_of_either_family()
    {
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:51000"), HeaderOf(Binary(Relayed, Tcp4, Ends4)).Source);
        Assert.Equal(IPEndPoint.Parse("198.51.100.2:443"), HeaderOf(Binary(Relayed, Tcp4, Ends4)).Destination);
        Assert.Equal(IPEndPoint.Parse("[2001:db8::1]:51000"), HeaderOf(Binary(Relayed, Tcp6, Ends6)).Source);
        Assert.Equal(IPEndPoint.Parse("[2001:db8::2]:443"), HeaderOf(Binary(Relayed, Tcp6, Ends6)).Destination);
    }

    [Fact]
    public void Addresses_that_mean_nothing_here_are_ignored()
    {
        Assert.Null(HeaderOf(Binary(Local, Tcp4, Ends4)).Source);
        Assert.Null(HeaderOf(Binary(Relayed, Unix, new byte[216])).Source);
        Assert.Null(HeaderOf(Binary(Relayed, 0x41, Ends4)).Source);
    }

    [Fact]
    public void Fields_are_found_in_their_order()
    {
        var header = HeaderOf(Binary(Relayed, Tcp4, Ends4, Field(0xE1, 1), Field(0x02, 97), Field(0xE1, 2)));
        var start = 0;

        Assert.True(header.TryFind(0xE1, ref start, out var first));
        Assert.Equal([1], first.ToArray());
        Assert.True(header.TryFind(0xE1, ref start, out var second));
        Assert.Equal([2], second.ToArray());
        Assert.False(header.TryFind(0xE1, ref start, out _));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", ProxyHeaderFault.NotAHeader)]
    [InlineData("PROXYTCP4 192.0.2.1 198.51.100.2 1 2\r\n", ProxyHeaderFault.NotAHeader)]
    [InlineData("proxy TCP4 192.0.2.1 198.51.100.2 1 2\r\n", ProxyHeaderFault.NotAHeader)]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n", ProxyHeaderFault.UnknownProtocol)]
    [InlineData("PROXY UNKNOWNS\r\n\r\n", ProxyHeaderFault.UnknownProtocol)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 65536 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 -1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.256 198.51.100.2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.01 198.51.100.2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.200 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 192.0.2.1.5 198.51.100.2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP6 fe80::1%1 2001:db8::2 1 2\r\n", ProxyHeaderFault.Invalid)]
    [InlineData("PROXY TCP6 2001:db8:::1 2001:db8::2 1 2\r\n", ProxyHeaderFault.Invalid)]
    public void Line_that_is_none_is_refused(string line, object fault) => Assert.Equal((ProxyHeaderFault)fault, FaultOf(Text(line)));

    [Fact]
    public void Line_of_more_than_107_bytes_is_refused()
    {
        Assert.Equal(ProxyHeaderFault.None, FaultOf(Text($"PROXY UNKNOWN {new string('x', 91)}\r\n")));
        Assert.Equal(ProxyHeaderFault.Invalid, FaultOf(Text($"PROXY UNKNOWN {new string('x', 92)}\r\n")));
        Assert.Equal(ProxyHeaderFault.Invalid, FaultOf(Text($"PROXY TCP4 {new string('1', 200)}\r\n")));
    }

    public static TheoryData<byte[]> Bad =>
    [
        Binary(0x11, Tcp4, Ends4), // another version
        Binary(0x22, Tcp4, Ends4), // another command
        Binary(Relayed, Tcp4, Ends4[..11]),
        Binary(Relayed, Tcp6, Ends6[..35]),
        Binary(Relayed, Unix, new byte[215]),
        Binary(Relayed, Tcp4, Ends4, [2]),
        Binary(Relayed, Tcp4, Ends4, [2, 0]),
        Binary(Relayed, Tcp4, Ends4, [2, 0, 5, 1, 2]),
        Binary(Relayed, Tcp4, Ends4, Field(0x03, 0, 0, 0)),
        Binary(Relayed, Tcp4, Ends4, Field(0x03, 0, 0, 0, 0)),
        Binary(Relayed, Tcp4, Ends4, Field(0x02, new byte[256])),
        Binary(Relayed, Tcp4, Ends4, Field(0x05, new byte[129])),
        Binary(Relayed, Tcp4, Ends4, Field(0xE0, new byte[16 * 1024])),
    ];

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Binary_header_that_breaks_the_rules_is_refused(byte[] header) => Assert.Equal(ProxyHeaderFault.Invalid, FaultOf(header));

    [Fact]
    public void Signature_that_is_none_is_refused_at_its_first_wrong_byte()
    {
        var header = Binary(Relayed, Tcp4, Ends4);
        header[3] = 0x0D;

        Assert.Equal((ProxyHeaderStep.Failed(ProxyHeaderFault.NotAHeader), 4), Feed(header, 1));
    }

    private static ProxyHeader HeaderOf(byte[] bytes) => Feed(bytes)?.Step.Header ?? throw new InvalidOperationException("it is none");

    private static ProxyHeaderFault? FaultOf(byte[] bytes) => Feed([.. bytes, .. new byte[20_000]])?.Step.Fault;
}

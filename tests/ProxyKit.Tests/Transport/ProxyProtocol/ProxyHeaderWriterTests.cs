using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Transport.ProxyProtocol;

namespace ProxyKit.Tests.Transport.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    [Theory]
    [InlineData("192.0.2.1:51000", "198.51.100.2:443", "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n")]
    [InlineData("[::ffff:192.0.2.1]:51000", "198.51.100.2:443", "PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\n")]
    [InlineData("[2001:db8::1]:51000", "[2001:db8::2]:443", "PROXY TCP6 2001:db8::1 2001:db8::2 51000 443\r\n")]
    [InlineData("192.0.2.1:51000", "[2001:db8::2]:443", "PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 51000 443\r\n")]
    [InlineData("[fe80::1%3]:51000", "[fe80::2%3]:443", "PROXY TCP6 fe80::1 fe80::2 51000 443\r\n")]
    [InlineData(null, "198.51.100.2:443", "PROXY UNKNOWN\r\n")]
    [InlineData("192.0.2.1:51000", null, "PROXY UNKNOWN\r\n")]
    public void Line_has_both_ends_in_one_family(string? source, string? destination, string line)
    {
        Span<byte> bytes = stackalloc byte[ProxyHeaderText.Longest];
        var length = new ProxyHeaderWriter(bytes).WriteLine(Parse(source), Parse(destination));

        Assert.Equal(line, Encoding.ASCII.GetString(bytes[..length]));
    }

    [Fact]
    public void Longest_line_has_room()
    {
        var longest = new IPEndPoint(new IPAddress(Enumerable.Repeat((byte)0xFF, 16).ToArray()), 65535);
        Span<byte> bytes = stackalloc byte[ProxyHeaderText.Longest];

        var length = new ProxyHeaderWriter(bytes).WriteLine(longest, longest);

        Assert.True(HeaderBytes.Feed(bytes[..length])?.Step.HasHeader);
    }

    [Theory]
    [InlineData("192.0.2.1:51000", "198.51.100.2:443")]
    [InlineData("[2001:db8::1]:51000", "[2001:db8::2]:443")]
    public void What_is_written_is_read_back_with_its_fields_and_checksum(string source, string destination)
    {
        var header = Written(Parse(source), Parse(destination));

        var read = HeaderBytes.Feed(header)?.Step.Header;

        Assert.Equal((Parse(source), Parse(destination)), (read?.Source, read?.Destination));
        var start = 0;
        Assert.True(read!.TryFind(0xE5, ref start, out var value));
        Assert.Equal("mine", Encoding.ASCII.GetString(value));
    }

    [Fact]
    public void Byte_that_changes_on_the_way_is_found_by_the_checksum()
    {
        var header = Written(Parse("192.0.2.1:51000"), Parse("198.51.100.2:443"));
        header[17] ^= 1;

        Assert.Equal(ProxyHeaderFault.Invalid, HeaderBytes.Feed(header)?.Step.Fault);
    }

    [Fact]
    public void Client_of_a_unix_socket_is_told_nothing_of()
    {
        Span<byte> bytes = stackalloc byte[64];
        var writer = new ProxyHeaderWriter(bytes);
        writer.Begin(new UnixDomainSocketEndPoint("/run/a.sock"), Parse("198.51.100.2:443"));
        var length = writer.Finish();

        Assert.Equal(HeaderBytes.Binary(HeaderBytes.Local, 0), bytes[..length].ToArray());
    }

    private static byte[] Written(IPEndPoint? source, IPEndPoint? destination)
    {
        Span<byte> bytes = stackalloc byte[256];
        var writer = new ProxyHeaderWriter(bytes);
        writer.Begin(source, destination);
        writer.AddChecksum();
        writer.Add(0xE5, "mine"u8);
        var tls = writer.BeginTls(1, 0);
        writer.Add(ProxyField.TlsVersion, "TLSv1.3"u8);
        writer.EndTls(tls);
        return bytes[..writer.Finish()].ToArray();
    }

    private static IPEndPoint? Parse(string? text) => text is null ? null : IPEndPoint.Parse(text);
}

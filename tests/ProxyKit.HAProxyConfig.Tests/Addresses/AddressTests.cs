using ProxyKit.HAProxyConfig.Addresses;

namespace ProxyKit.HAProxyConfig.Tests.Addresses;

public sealed class AddressTests
{
    [Theory]
    [InlineData("*:80", "0.0.0.0:80")]
    [InlineData(":80", "0.0.0.0:80")]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData(":::80", "[::]:80")]
    [InlineData("[::]:80", "[::]:80")]
    [InlineData("[::1]:8081", "[::1]:8081")]
    [InlineData("::1:8081", "[::1]:8081")]
    [InlineData("2001:db8::1:443", "[2001:db8::1]:443")]
    [InlineData("ipv4@:80", "0.0.0.0:80")]
    [InlineData("ipv4@*:80", "0.0.0.0:80")]
    [InlineData("ipv6@:80", "[::]:80")]
    [InlineData("ipv6@*:80", "[::]:80")]
    [InlineData("ip@10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("tcp@10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("tcp4@10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("tcp6@[::1]:80", "[::1]:80")]
    [InlineData("stream+ipv4@10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("/run/p.sock", "unix@/run/p.sock")]
    [InlineData("unix@/run/p.sock", "unix@/run/p.sock")]
    [InlineData("unix@run/p.sock", "unix@run/p.sock")]
    [InlineData("fd@5", "fd@5")]
    [InlineData(":8000-8003", "0.0.0.0:8000,0.0.0.0:8001,0.0.0.0:8002,0.0.0.0:8003")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void Address_to_listen_on_is_read(string text, string addresses)
    {
        var found = new List<BoundAddress>();

        Assert.Null(BindAddress.Read(text, found));
        Assert.Equal(addresses, string.Join(',', found.Select(static a => a.Text)));
    }

    [Theory]
    [InlineData("", "an address is missing: '<address>:<port>', '*:<port>' or a path")]
    [InlineData("80", "missing port number: '80'")]
    [InlineData("10.0.0.1", "missing port number: '10.0.0.1'")]
    [InlineData("10.0.0.1:", "missing port number: '10.0.0.1:'")]
    [InlineData(":65536", "invalid port '65536' in ':65536': ports go from 1 to 65535")]
    [InlineData(":90-80", "invalid port '90-80' in ':90-80': ports go from 1 to 65535")]
    [InlineData(":80-70000", "invalid port '80-70000' in ':80-70000': ports go from 1 to 65535")]
    [InlineData(":http", "invalid character in port number 'http' in ':http'")]
    [InlineData(":+80", "invalid character in port number '+80' in ':+80'")]
    [InlineData("10.0.0:80", "invalid address: '10.0.0' in '10.0.0:80'")]
    [InlineData("10.0.0.256:80", "invalid address: '10.0.0.256' in '10.0.0.256:80'")]
    [InlineData("ipv6@10.0.0.1:80", "address '10.0.0.1' is not of the family that 'ipv6@10.0.0.1:80' asks for")]
    [InlineData("ipv4@[::1]:80", "address '::1' is not of the family that 'ipv4@[::1]:80' asks for")]
    [InlineData("[10.0.0.1]:80", "address '10.0.0.1' is not of the family that '[10.0.0.1]:80' asks for")]
    [InlineData("abns@x", "'abns@' addresses are not supported yet in 'abns@x'")]
    [InlineData("quic4@:443", "'quic4@' addresses are not supported yet in 'quic4@:443'")]
    [InlineData("rhttp@b/s", "'rhttp@' addresses are not supported yet in 'rhttp@b/s'")]
    [InlineData("ipx@1", "unknown address family 'ipx@' in 'ipx@1'")]
    [InlineData("fd@x", "'fd@' expects a number in 'fd@x'")]
    [InlineData("unix@", "the path of a socket has 1 to 107 characters in 'unix@'")]
    public void Address_that_cannot_be_listened_on_is_told(string text, string fault)
    {
        Assert.Equal(fault, BindAddress.Read(text, []));
    }

    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1:80", false)]
    [InlineData("[::1]:80", "[::1]:80", false)]
    [InlineData("::1:80", "[::1]:80", false)]
    [InlineData("ipv6@[::1]:80", "[::1]:80", false)]
    [InlineData("web.internal:8080", "web.internal:8080", true)]
    [InlineData("localhost:8080", "localhost:8080", true)]
    [InlineData("0.0.0.0:22", "0.0.0.0:22", false)]
    [InlineData("/run/app.sock", "unix@/run/app.sock", false)]
    [InlineData("unix@/run/app.sock", "unix@/run/app.sock", false)]
    [InlineData("10.0.0.1", "10.0.0.1:+0", false)]
    [InlineData("[::1]", "[::1]:+0", false)]
    [InlineData("web.internal", "web.internal:+0", true)]
    [InlineData("10.0.0.1:+100", "10.0.0.1:+100", false)]
    [InlineData("10.0.0.1:-100", "10.0.0.1:-100", false)]
    public void Address_of_a_server_is_read(string text, string address, bool isName)
    {
        Assert.Null(ServerAddressText.Read(text, out var found));
        Assert.Equal(address, found.ToString());
        Assert.Equal(isName, found.IsName);
    }

    [Theory]
    [InlineData("10.0.0.1:+65536", "invalid port '+65536' in '10.0.0.1:+65536': ports go from 1 to 65535")]
    [InlineData("10.0.0.1:+x", "invalid port '+x' in '10.0.0.1:+x': ports go from 1 to 65535")]
    [InlineData("10.0.0.1:0", "invalid port '0' in '10.0.0.1:0': ports go from 1 to 65535")]
    [InlineData("10.0.0.1:x", "invalid port 'x' in '10.0.0.1:x': ports go from 1 to 65535")]
    [InlineData(":80", "invalid address: '' in ':80'")]
    [InlineData("fd@3", "'fd@' addresses are not supported for servers in 'fd@3'")]
    [InlineData("a b:80", "invalid address: 'a b' in 'a b:80'")]
    [InlineData("ipv4@app.internal:80", "no family can be asked for of the name 'app.internal' in 'ipv4@app.internal:80': 'resolve-prefer' of a server says which is preferred")]
    [InlineData("tcp6@app.internal:80", "no family can be asked for of the name 'app.internal' in 'tcp6@app.internal:80': 'resolve-prefer' of a server says which is preferred")]
    [InlineData("ipv6@_http._tcp.app.internal", "no family can be asked for of the name '_http._tcp.app.internal' in 'ipv6@_http._tcp.app.internal': 'resolve-prefer' of a server says which is preferred")]
    public void Address_that_is_none_of_a_server_is_told(string text, string fault)
    {
        Assert.Equal(fault, ServerAddressText.Read(text, out _));
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(60, false)]
    public void Name_of_a_host_has_no_more_than_253_characters(int labels, bool isName)
    {
        var name = string.Concat(Enumerable.Repeat("abcd.", labels)) + "abc";

        Assert.Equal(isName ? null : $"invalid address: '{name}' in '{name}:80'", ServerAddressText.Read($"{name}:80", out _));
        Assert.Equal(isName, ServerAddressText.Read($"_{name[1..]}", out _) is null);
        if (!isName)
        {
            Assert.Equal($"invalid address: '{name}' in '{name}:80'", BindAddress.Read($"{name}:80", []));
        }
    }

    /// <summary>Platforms read them as octal, hexadecimal or cut short: nobody sees which address that is.</summary>
    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.08")]
    [InlineData("10.1")]
    [InlineData("10.0.0.0xa")]
    [InlineData("0x7f000001")]
    [InlineData("::ffff:010.0.0.1")]
    public void Address_that_may_be_read_in_two_ways_is_refused(string address)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        string[] lines =
        [
            $"option forwardfor except {address}", $"option originalto except {address}/8", $"server s a:80 resolve-net {address}", $"source {address}", $"server s 10.0.0.1:80 source {address}",
            $"server s a:80 init-addr {address}", $"server s 10.0.0.1:80 check addr {address}", $"server s 10.0.0.1:80 agent-check agent-port 9000 agent-addr {address}",
            $"tcp-check connect addr {address}", $"server s {host}:80",
        ];
        foreach (var line in lines)
        {
            var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{line}\n");

            Assert.StartsWith("parsing [a.cfg:9] : ", Assert.Single(result.Alerts()), StringComparison.Ordinal);
        }

        Assert.StartsWith("parsing [a.cfg:2] : ", Reading.Alert($"frontend f\nbind {host}:80\ntimeout client 1s\n"), StringComparison.Ordinal);
        Assert.StartsWith("parsing [a.cfg:2] : ", Reading.Alert($"resolvers r\nnameserver n {host}:53\nfrontend f\nbind :80\ntimeout client 1s\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[::1]")]
    [InlineData("::1%1")]
    [InlineData("10.0.0.0/0377.0.0.0")]
    [InlineData("10.0.0.0/255.0.0")]
    public void Network_is_written_as_networks_are_shown(string network) =>
        Assert.Equal(
            $"parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got '{network}').",
            Reading.Alert($"defaults\noption forwardfor except {network}\nfrontend f\nbind :80\ntimeout client 1s\n"));
}

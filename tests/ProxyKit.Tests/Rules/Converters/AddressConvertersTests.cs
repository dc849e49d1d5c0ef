namespace ProxyKit.Tests.Rules.Converters;

public sealed class AddressConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("ipv6(::ffff:1.2.3.4),ipmask(24)", "1.2.3.0")]
    [InlineData("ipv6(2001:db8::1),ipmask(24,32)", "2001:db8::")]
    [InlineData("ipv6(2001:db8::1),ipmask(24,ffff::)", "2001::")]
    [InlineData("ipv6(2001:db8::1),ipmask(24)", Ns)]
    [InlineData("ipv6(2002:102:304::1),ipmask(24)", "1.2.3.0")]
    [InlineData("ipv6(::1),ipmask(32)", "0.0.0.1")]
    [InlineData("ipv4(1.2.3.4),ipmask(255.255.0.0)", "1.2.0.0")]
    [InlineData("ipv4(1.2.3.4),ipmask(0)", "0.0.0.0")]
    [InlineData("ipv4(1.2.3.4),ipmask(32)", "1.2.3.4")]
    [InlineData("str(1.2.3.4:80),ipmask(24)", "1.2.3.0")]
    [InlineData("str(2001:db8::1),ipmask(24,16)", "2001::")]
    [InlineData("str(x),ipmask(24)", Ns)]
    [InlineData("int(16909060),ipmask(24)", "1.2.3.0")]
    [InlineData("str([::1]:80),host_only", "[::1]")]
    [InlineData("str([::1]),host_only", "[::1]")]
    [InlineData("str(EXAMPLE.org:8080),host_only", "example.org")]
    [InlineData("str(EXAMPLE.org),host_only", "example.org")]
    [InlineData("str(::1),host_only", ":")]
    [InlineData("str(),host_only", "")]
    [InlineData("str(EXAMPLE.org:8080),port_only", "8080")]
    [InlineData("str(EXAMPLE.org),port_only", "0")]
    [InlineData("str([::1]),port_only", "0")]
    [InlineData("str([::1]:80),port_only", "80")]
    [InlineData("str(h:12x),port_only", "192")]
    [InlineData("str(h:),port_only", "0")]
    [InlineData("str(h:4294967297),port_only", "1")]
    public void Address_and_host_are_taken_apart(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("for=127.0.0.1;proto=http", "1")]
    [InlineData("for=127.0.0.1; proto=https; by=\\\"[::1]:80\\\"; host=haproxy.org", "1")]
    [InlineData("proto=custom", "0")]
    [InlineData("Proto=http", "0")]
    [InlineData("for=127.0.0.1,for=127.0.0.2", "0")]
    [InlineData("for=127.0.0.1;for=127.0.0.2", "0")]
    [InlineData("for=unknown", "1")]
    [InlineData("for=_gazonk", "1")]
    [InlineData("for=\\\"_gazonk:_port\\\"", "1")]
    [InlineData("for=[::1]", "0")] // brackets want quotes
    [InlineData("for=x", "0")]
    [InlineData("for=\\\"127.0.0.1:99999\\\"", "0")]
    [InlineData("secret=x", "0")]
    [InlineData("for=", "0")]
    [InlineData("for", "0")]
    [InlineData("", "0")]
    public void Forwarded_element_is_validated(string field, string expected) =>
        Assert.Equal(expected, Evaluation.Once($"str(\"{field}\"),rfc7239_is_valid"));

    [Theory]
    [InlineData("str(\"host=\\\"haproxy.org:80\\\"\"),rfc7239_field(host)", "haproxy.org:80")]
    [InlineData("str(\"for=1.2.3.4;proto=http\"),rfc7239_field(proto)", "http")]
    [InlineData("str(\"for=\\\"[::1]:1\\\";by=_x\"),rfc7239_field(for)", "[::1]:1")]
    [InlineData("str(\"for=\\\"[::1]:1\\\";by=_x\"),rfc7239_field(by)", "_x")]
    [InlineData("str(for=1.2.3.4),rfc7239_field(by)", Ns)]
    [InlineData("str(for=1.2.3.4;x=y),rfc7239_field(for)", Ns)]
    [InlineData("str([::1]:80),rfc7239_n2nn", "::1")]
    [InlineData("str(127.0.0.1:9999),rfc7239_n2nn", "127.0.0.1")]
    [InlineData("str(unknown),rfc7239_n2nn", "unknown")]
    [InlineData("str(_x.y-z),rfc7239_n2nn", "_x.y-z")]
    [InlineData("str(x),rfc7239_n2nn", Ns)]
    [InlineData("str(127.0.0.1:9999),rfc7239_n2np", "9999")]
    [InlineData("str(127.0.0.1:_p),rfc7239_n2np", "_p")]
    [InlineData("str(127.0.0.1),rfc7239_n2np", Ns)]
    [InlineData("ipv4(1.2.3.4),rfc7239_nn", "1.2.3.4")]
    [InlineData("ipv6(::1),rfc7239_nn", "[::1]")]
    [InlineData("str(),rfc7239_nn", "unknown")]
    [InlineData("int(5),rfc7239_nn", "_5")]
    [InlineData("str(a.b_c-d),rfc7239_nn", "_a.b_c-d")]
    [InlineData("str(\"a b\"),rfc7239_nn", Ns)]
    [InlineData("int(80),rfc7239_np", "80")]
    [InlineData("int(-1),rfc7239_np", "4294967295")]
    [InlineData("str(80),rfc7239_np", "_80")]
    [InlineData("str(),rfc7239_np", Ns)]
    public void Forwarded_element_is_taken_apart_and_made(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("ipv4(1.2.3.4),ipmask(33)", "invalid args in converter 'ipmask' : failed to parse '33' as type 'IPv4 mask'")]
    [InlineData("ipv4(1.2.3.4),ipmask(8,129)", "invalid args in converter 'ipmask' : failed to parse '129' as type 'IPv6 mask'")]
    [InlineData("str(a),rfc7239_field(x)", "invalid args in converter 'rfc7239_field' : unknown field 'x', one of proto, host, for and by is expected")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}

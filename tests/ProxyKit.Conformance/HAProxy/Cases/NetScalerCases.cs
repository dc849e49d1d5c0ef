namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Connections that begin with the header of a NetScaler, of either form: <c>accept-netscaler-cip</c>.</summary>
internal static class NetScalerCases
{
    private const string Magic = "\u0001\u0002\u0003\u0004"; // 16909060
    private const string IPv4 = "\u0045\0\0\u0028\0\0\0\0\u0040\u0006\0\0\u00C0\0\u0002\u0007\u00C6\u0033\u0064\u0002";
    private const string IPv4WithOption = "\u0046\0\0\u002C\0\0\0\0\u0040\u0006\0\0\u00C0\0\u0002\u0007\u00C6\u0033\u0064\u0002\u0001\u0001\u0001\u0001";
    private const string IPv6 = "\u0060\0\0\0\0\u0014\u0006\u0040\u0020\u0001\u000D\u00B8\0\0\0\0\0\0\0\0\0\0\0\u0007\u0020\u0001\u000D\u00B8\0\0\0\0\0\0\0\0\0\0\0\u0008";
    private const string Tcp = "\u00C7\u0038\u0001\u00BB\0\0\0\0\0\0\0\0\u0050\0\0\0\0\0\0\0";

    public static IEnumerable<HAProxyCase> All =>
    [
        Receiving("the older form").Raw(Asking(Older(IPv4 + Tcp))).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Receiving("the newer form").Raw(Asking(Newer(IPv4 + Tcp))).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Receiving("the older form of IPv6").Raw(Asking(Older(IPv6 + Tcp))).Expect("2001:db8::7:51000 2001:db8::8:443 0"),
        Receiving("the newer form of IPv6").Raw(Asking(Newer(IPv6 + Tcp))).Expect("2001:db8::7:51000 2001:db8::8:443 0"),
        Receiving("options of IP").Raw(Asking(Older(IPv4WithOption + Tcp))).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Receiving("options of TCP").Raw(Asking(Newer(IPv4 + Tcp + "\u0001\u0001\u0001\u0001"))).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Receiving("no header").Raw(Asking("")),
        Receiving("another number").Raw(Asking("\u0001\u0002\u0003\u0005" + Older(IPv4 + Tcp)[4..])),
        Receiving("another kind").Raw(Asking($"{Magic}\0\0\0\u0004\u0010\0\0\u0028{IPv4}{Tcp}")),
        Receiving("another protocol").Raw(Asking(Older(IPv4.Replace('\u0006', '\u0011') + Tcp))),
        Receiving("a version of IP that there is none of").Raw(Asking(Newer('\u0055' + IPv4[1..] + Tcp))),
        Asked("rule for others", "", "10.0.0.0/8", "http-request return status 200 content-type text/plain lf-string %[src]").Raw(Asking("")).Expect("127.0.0.1"),
        Asked("rule, of a bind without a number, where it counts", "", "127.0.0.0/8").Raw(Asking("\0\0\0\0" + Older(IPv4 + Tcp)[4..])).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Asked("rule, of a bind without a number, and no header", "", "127.0.0.0/8").Raw(Asking("")),
        Asked("rule, of a bind with a number", "accept-netscaler-cip 16909060", "10.0.0.0/8").Raw(Asking(Older(IPv4 + Tcp))).Expect("192.0.2.7:51000 198.51.100.2:443 0"),
        Asked("rule, of a bind with another number", "accept-netscaler-cip 16909060", "127.0.0.0/8").Raw(Asking("\0\0\0\0" + Older(IPv4 + Tcp)[4..])),
        Both("in their order").Raw(Asking(Older(IPv4 + Tcp) + "PROXY TCP4 192.0.2.9 198.51.100.9 5 6\r\n")).Expect("192.0.2.9:5 198.51.100.9:6 1"),
        Both("the other way round").Raw(Asking("PROXY TCP4 192.0.2.9 198.51.100.9 5 6\r\n" + Older(IPv4 + Tcp))),
    ];

    private const string Told = """http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port] %[dst]:%[dst_port] %[fc_rcvd_proxy]" """;

    private static HAProxyCase Receiving(string name) =>
        HAProxyCase.Of($"NetScaler: {name}", "frontend f\n    bind 127.0.0.1:{port} accept-netscaler-cip 16909060\n    " + Told + "\n");

    private static HAProxyCase Asked(string name, string words, string sender, string told = Told) => HAProxyCase.Of(
        $"NetScaler: {name}",
        $"frontend f\n    bind 127.0.0.1:{{port}} {words}\n    tcp-request connection expect-netscaler-cip layer4 if {{ src {sender} }}\n    {told}\n");

    private static HAProxyCase Both(string name) =>
        HAProxyCase.Of($"NetScaler and the PROXY protocol: {name}", "frontend f\n    bind 127.0.0.1:{port} accept-proxy accept-netscaler-cip 16909060\n    " + Told + "\n");

    private static string Asking(string header) => $"{header}GET / HTTP/1.1\r\nHost: h.example\r\n\r\n";

    private static string Older(string packet) => $"{Magic}\0\0\0{(char)packet.Length}{packet}";

    private static string Newer(string packet) => $"{Magic}\0\0\0\u0004\0\0\0{(char)packet.Length}{packet}";
}

namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>The PROXY protocol: a frontend that is sent headers, and one that sends them to itself, so that each proxy is both sender and receiver.</summary>
internal static class ProxyProtocolCases
{
    private const string Told = """
        http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port] %[dst]:%[dst_port] %[fc_rcvd_proxy] %[fc_pp_authority] %[fc_pp_unique_id]"
        """;

    private const string Ends = "\u00C0\0\u0002\u0007\u00C6\u0033\u0064\u0002\u00C7\u0038\u0001\u00BB";

    public static IEnumerable<HAProxyCase> All =>
    [
        Receiving("a line of version 1").Raw(Asking("PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\r\n")).Expect("192.0.2.7:51000 198.51.100.2:443 1"),
        Receiving("a line of IPv6").Raw(Asking("PROXY TCP6 2001:db8::7 2001:db8::8 51000 443\r\n")).Expect("2001:db8::7:51000 2001:db8::8:443 1"),
        Receiving("no header").Raw(Asking("")),
        Receiving("a line with two spaces").Raw(Asking("PROXY TCP4 192.0.2.7  198.51.100.2 51000 443\r\n")),
        Receiving("a line without its carriage return").Raw(Asking("PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\n")),
        Receiving("a line with a word too many").Raw(Asking("PROXY TCP4 192.0.2.7 198.51.100.2 51000 443 x\r\n")),
        Receiving("a line of another protocol").Raw(Asking("PROXY UDP4 192.0.2.7 198.51.100.2 51000 443\r\n")),
        Receiving("a line of another family").Raw(Asking("PROXY TCP4 2001:db8::7 2001:db8::8 51000 443\r\n")),
        Receiving("a header of version 2").Raw(Asking(Binary('\u0021', '\u0011', Ends))).Expect("192.0.2.7:51000 198.51.100.2:443 1"),
        Receiving("fields").Raw(Asking(Binary('\u0021', '\u0011', Ends + Field('\u0002', "a.example") + Field('\u00E1', "x") + Field('\u0005', "id"))))
            .Expect("192.0.2.7:51000 198.51.100.2:443 1 a.example id"),
        Receiving("a name too long").Raw(Asking(Binary('\u0021', '\u0011', Ends + Field('\u0002', new string('a', 256))))),
        Receiving("an id too long").Raw(Asking(Binary('\u0021', '\u0011', Ends + Field('\u0005', new string('a', 129))))),
        Receiving("a field cut short").Raw(Asking(Binary('\u0021', '\u0011', Ends + "\u0002\0\u0009a"))),
        Receiving("a checksum that is wrong").Raw(Asking(Binary('\u0021', '\u0011', Ends + Field('\u0003', "\0\0\0\0")))),
        Receiving("addresses cut short").Raw(Asking(Binary('\u0021', '\u0011', Ends[..8]))),
        Receiving("another command").Raw(Asking(Binary('\u0022', '\u0011', Ends))),

        Sending("version 1", "send-proxy").Get("/").Expect("127.0.0.1 127.0.0.1 1"),
        Sending("version 2", "send-proxy-v2").Get("/").Expect("127.0.0.1 127.0.0.1 1"),
        Sending("a checksum", "send-proxy-v2 proxy-v2-options crc32c").Get("/").Then("/").Expect("127.0.0.1 127.0.0.1 1"),
        Sending("what is known of TLS where there is none", "send-proxy-v2-ssl-cn proxy-v2-options ssl-cipher,cert-sig,cert-key,authority").Get("/"),
        Sending("options alone", "proxy-v2-options crc32c").Get("/"),
        Sending("an id", "send-proxy-v2 proxy-v2-options unique-id", "unique-id-format the-%[path]").Get("/p").Expect("1 the-/p"),
        Sending("no id", "send-proxy-v2 proxy-v2-options unique-id").Get("/p"),
        Sending("an address of a rule", "send-proxy", "http-request set-src hdr(x-src)").Get("/", "X-Src: 192.0.2.9").Then("/", "X-Src: 192.0.2.8")
            .Expect("192.0.2.9 127.0.0.1 1", "192.0.2.8 127.0.0.1 1"),
        Sending("nothing any more", "send-proxy no-send-proxy").Get("/"),

        HAProxyCase.Of("a rule that asks for a header", """
            frontend f
                bind 127.0.0.1:{port}
                tcp-request connection expect-proxy layer4 if { src 127.0.0.0/8 }
                tcp-request session reject if { src 192.0.2.8 }

            """ + "    " + Told + "\n").Raw(Asking("PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\r\n")).Raw(Asking("PROXY TCP4 192.0.2.8 198.51.100.2 51000 443\r\n"))
            .Raw(Asking("")).Expect("192.0.2.7:51000"),
        HAProxyCase.Of("a rule that asks others for a header", """
            frontend f
                bind 127.0.0.1:{port}
                tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 }
                http-request return status 200 content-type text/plain lf-string "%[src] %[fc_rcvd_proxy]"

            """).Get("/").Expect("127.0.0.1 0"),
        HAProxyCase.InBackend("the server's name", "http-send-name-header X-Dst-Server").Get("/", "x-dst-server: forged", "X-Other: 1").Expect("x-dst-server: s1"),
    ];

    private static HAProxyCase Receiving(string name) => HAProxyCase.Of($"PROXY protocol received: {name}", "frontend f\n    bind 127.0.0.1:{port} accept-proxy\n    " + Told + "\n");

    /// <summary>What the server is told comes back with the port of the client, which is another each time, left out.</summary>
    private static HAProxyCase Sending(string name, string words, string line = "") => HAProxyCase.Of($"PROXY protocol sent: {name}", $$"""
        frontend f
            bind 127.0.0.1:{port}
            {{line}}
            default_backend b
        backend b
            server s1 unix@{dir}/next.sock {{words}}
        frontend next
            bind unix@{dir}/next.sock {{(words.Contains("no-send-proxy", StringComparison.Ordinal) ? "" : "accept-proxy")}}
            http-request return status 200 content-type text/plain lf-string "%[src] %[dst] %[fc_rcvd_proxy] %[fc_pp_unique_id]"

        """);

    private static string Asking(string header) => $"{header}GET / HTTP/1.1\r\nHost: h.example\r\n\r\n";

    private static string Binary(char command, char family, string rest) =>
        $"\r\n\r\n\0\r\nQUIT\n{command}{family}{(char)(rest.Length >> 8)}{(char)(rest.Length & 255)}{rest}";

    private static string Field(char type, string value) => $"{type}{(char)(value.Length >> 8)}{(char)(value.Length & 255)}{value}";
}

using System.Diagnostics;
using System.Text;

namespace ProxyKit.HAProxyConfig.Tests;

/// <summary>Whatever is read: an answer comes, soon, and names a place.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Words =
    [
        "global", "defaults", "frontend", "backend", "listen", "peers", "userlist", "f", "b", "from", "bind", ":80", "*:80,:::81", "ssl", "crt", "x.pem", "server", "s1",
        "10.0.0.1:80", "weight", "20", "check", "http-request", "tcp-request", "content", "connection", "deny", "allow", "return", "status", "if", "unless", "{", "}", "!", "or",
        "path_beg", "/x", "acl", "-i", "-f", "-m", "str", "hdr(host)", "track-sc0", "src", "sc-inc-gpc(0,1)", "set-var(txn.x)", "%[src]", "%", "option", "httplog", "no",
        "default", "timeout", "client", "5s", "99999999999999999999d", "balance", "random(", "stick-table", "type", "ip", "size", "store", "gpc(", "gpc0,gpc0_rate(", ".if", ".else", ".endif",
        ".elif", "defined(X)", "(((", "&&", "\"", "'", "\\", "\\x4", "${", "\"${A[*]}\"", "$A", "#", "\t", "\0", "\u00e9", "-1", "0", "2147483648",
    ];

    private const string Whole =
        """
        global
            maxconn 100
            setenv X "a b"
        .if defined(X) && !streq("$X",b)
            log 127.0.0.1 local0
        .endif
        defaults d
            mode http
            timeout client 5s
            timeout server 5s
            timeout connect 5s
            option httplog
            default-server weight 3
        frontend f from d
            bind 127.0.0.1:80,[::1]:81-83 name n
            acl a always_true
            http-request track-sc0 src table b if { src 10.0.0.0/8 } or !TRUE
            http-request sc-inc-gpc(0,0) unless METH_GET
            use_backend %[req.hdr(host)] if TRUE
            default_backend b
        backend b from d
            stick-table type ip size 10k expire 10s store gpc(2),http_req_rate(10s)
            balance leastconn
            server a 10.0.0.1:80 weight 5 backup
            server-template t 3 example.internal:80 pool-max-conn 5

        """;

    [Fact]
    public void Mutated_files_are_read_or_refused_with_a_place()
    {
        var random = new Random(20251121);
        var bytes = Encoding.UTF8.GetBytes(Whole.ReplaceLineEndings("\n"));
        for (var round = 0; round < 3_000; round++)
        {
            var mutated = bytes.ToList();
            for (var i = random.Next(1, 8); i > 0; i--)
            {
                Mutate(mutated, random);
            }

            Check(Encoding.Latin1.GetString([.. mutated]), round);
        }
    }

    [Fact]
    public void Random_lines_are_read_or_refused_with_a_place()
    {
        var random = new Random(77);
        for (var round = 0; round < 3_000; round++)
        {
            var text = new StringBuilder();
            for (var line = random.Next(1, 12); line > 0; line--)
            {
                text.AppendJoin(' ', Enumerable.Range(0, random.Next(1, 9)).Select(_ => Words[random.Next(Words.Length)])).Append('\n');
            }

            Check(text.ToString(), round);
        }
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - 1));
                break;
            case 2:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(0, Math.Min(random.Next(200), bytes.Count)));
                break;
            default:
                bytes[at] = (byte)"\n \"'\\#${}()"[random.Next(11)];
                break;
        }
    }

    private static void Check(string text, int round)
    {
        var watch = Stopwatch.StartNew();
        var result = HAProxyConfiguration.Parse(
            text, new HAProxyConfigurationOptions { ResolveNames = false, Environment = new Dictionary<string, string> { ["A"] = "1 2" } }, "a.cfg");

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"round {round} took {watch.Elapsed}:\n{text}");
        Assert.True(
            result.IsValid || result.Diagnostics.Any(static d => d.Severity == HAProxyConfig.Diagnostics.DiagnosticSeverity.Alert), $"round {round}:\n{text}");
        Assert.All(result.Diagnostics, static d => Assert.True(d.File == "a.cfg" && d.Line >= 0 && d.Message.Length > 0));
    }
}

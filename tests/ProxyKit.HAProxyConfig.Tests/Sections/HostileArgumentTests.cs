using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

/// <summary>Arguments that no file system and no resolver takes: whatever keyword they stand behind, they are read or refused, and nothing is thrown.</summary>
public sealed class HostileArgumentTests
{
    private static readonly string[] Hostile =
    [
        "\"\"",
        "\"a\\x00b\"",
        "\"/a\\x00b\"",
        "/",
        $"{string.Concat(Enumerable.Repeat("abcdefg.", 40))}example:80",
        $"/{new string('a', 5000)}",
        "99999999999999999999",
        "-1",
    ];

    /// <summary>What opens each kind of section, and what stands before a keyword in it.</summary>
    private static readonly (Section Section, string Head)[] Heads =
    [
        (Section.Global, "global\n"),
        (Section.Defaults, "defaults d\n"),
        (Section.Frontend, "frontend f\nbind :80\n"),
        (Section.Backend, "backend b\nserver s0 10.0.0.1:80\n"),
        (Section.Userlist, "userlist u\n"),
        (Section.HttpErrors, "http-errors e\n"),
        (Section.Resolvers, "resolvers r\n"),
        (Section.Mailers, "mailers m\n"),
        (Section.CrtStore, "crt-store c\n"),
        (Section.Healthcheck, "healthcheck h\n"),
        (Section.Tiers, "tiers t\n"),
        (Section.Metering, "metering\n"),
        (Section.Authentication, "authentication a\n"),
        (Section.Bind, "frontend f\nbind :80 "),
        (Section.Server, "backend b\nserver s 10.0.0.1:80 "),
    ];

    public static TheoryData<string> Sections => [.. Heads.Select(static h => h.Section.ToString())];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Hostile_arguments_are_read_or_refused(string name)
    {
        var (section, head) = Heads.Single(h => h.Section.ToString() == name);
        var keywords = KeywordTable.All.Where(k => (k.Sections & section) != 0).ToArray();
        Assert.NotEmpty(keywords);
        foreach (var keyword in keywords)
        {
            foreach (var word in Hostile)
            {
                for (var count = 1; count <= 3; count++)
                {
                    Check($"{head}{keyword.Name} {string.Join(' ', Enumerable.Repeat(word, count))}\n");
                    Check($"{head}{keyword.Name} {string.Join(' ', Enumerable.Repeat("a", count))} {word}\n");
                }
            }
        }
    }

    [Theory]
    [InlineData("authentication a\nbasic u\napi-key {0}\n")]
    [InlineData("metering\ncount-by src\njournal {0}\n")]
    [InlineData("tiers t\ncount-by src\nquota-folder {0}\n")]
    [InlineData("backend b\ndispatch {0}\n")]
    [InlineData("backend b\nserver s {0} check ssl verify required ca-file {0}\n")]
    [InlineData("backend b\nserver s {0}:80\n")]
    [InlineData("backend b\nserver s 10.0.0.1:80 source {0}\n")]
    [InlineData("backend b\nserver s 10.0.0.1:80 check addr {0} agent-check agent-port 1 agent-addr {0}\n")]
    [InlineData("backend b\noption external-check\nexternal-check command {0}\nexternal-check path {0}\nserver s 10.0.0.1:80 check\n")]
    [InlineData("mailers m\nmailer a {0}\n")]
    [InlineData("mailers m\nmailer a {0}:25\n")]
    [InlineData("resolvers r\nnameserver n {0}\n")]
    [InlineData("frontend f\nbind {0}\n")]
    [InlineData("frontend f\nbind {0}:80\n")]
    [InlineData("frontend f\nbind :80 ssl crt {0} ca-file {0} crl-file {0}\n")]
    [InlineData("frontend f\nbind :80 ssl crt-list {0}\n")]
    [InlineData("global\ndefault-path origin {0}\ncrt-base {0}\nca-base {0}\nfrontend f\nbind :80 ssl crt a.pem ca-file b.pem\nacl x src -f c\n")]
    [InlineData("frontend f\nmode http\nbind :80\nacl a src -f {0}\nacl b path -M -f {0}\nhttp-request deny if a or b\n")]
    [InlineData("frontend f\nmode http\nbind :80\nhttp-request set-header x %[src,map({0})]\n")]
    [InlineData("frontend f\nmode http\nbind :80\nhttp-request return status 200 content-type text/plain file {0}\nhttp-request return status 200 content-type text/plain lf-file {0}\n")]
    [InlineData("frontend f\nmode http\nbind :80\nerrorfile 503 {0}\nhttp-error status 404 content-type text/plain file {0}\n")]
    [InlineData("frontend f\nmode http\nbind :80\nhttp-request deny if {{ req.hdr(a),jwt_verify(txn.a,{0}) -m bool }}\n")]
    [InlineData("frontend f\nmode http\nbind :80\nhttp-request set-dst-port int({0})\nhttp-request do-resolve(txn.a,{0},ipv4) str(a)\n")]
    public void Hostile_paths_and_names_are_read_or_refused(string text)
    {
        foreach (var word in Hostile)
        {
            Check(string.Format(null, text, word));
            Check(string.Format(null, text, word) + "frontend whole\nmode http\nbind :81\ntimeout client 1s\n");
        }
    }

    /// <summary>Nothing is thrown, neither by the reader nor by whoever looks at what was read.</summary>
    private static void Check(string text)
    {
        try
        {
            var result = HAProxyConfiguration.Parse(text, new HAProxyConfigurationOptions { Environment = new Dictionary<string, string>(), ResolveNames = false }, "a.cfg");
            if (result.IsValid)
            {
                Proxy.Check(result.Options, out _);
            }
        }
        catch (Exception e)
        {
            Assert.Fail($"{text}\n{e}");
        }
    }
}

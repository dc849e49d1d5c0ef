namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>What is said of rules that do not run where they stand.</summary>
public sealed class RuleOrderTests
{
    private const string Frontend = "frontend f\nmode http\nbind :80\ntimeout client 1s\n";

    private static readonly Dictionary<string, string> Lines = new(StringComparer.Ordinal)
    {
        ["connection"] = "tcp-request connection accept if TRUE",
        ["session"] = "tcp-request session accept if TRUE",
        ["content"] = "tcp-request content accept if TRUE",
        ["delay"] = "tcp-request inspect-delay 1s",
        ["http"] = "http-request allow if TRUE",
        ["response"] = "http-response allow if TRUE",
        ["redirect"] = "redirect location /x if TRUE",
        ["route"] = "use_backend f if TRUE",
        ["server"] = "use-server s if TRUE",
    };

    /// <summary>HAProxy names, of all that a rule should have stood before, the one that runs first.</summary>
    [Theory]
    [InlineData("http content", "'tcp-request content' rule placed after an 'http-request' rule")]
    [InlineData("http session", "'tcp-request session' rule placed after an 'http-request' rule")]
    [InlineData("http connection", "'tcp-request connection' rule placed after an 'http-request' rule")]
    [InlineData("http redirect route connection", "'tcp-request connection' rule placed after an 'http-request' rule")]
    [InlineData("session connection", "'tcp-request connection' rule placed after a 'tcp-request session' rule")]
    [InlineData("content connection", "'tcp-request connection' rule placed after a 'tcp-request content' rule")]
    [InlineData("content session", "'tcp-request session' rule placed after a 'tcp-request content' rule")]
    [InlineData("redirect content", "'tcp-request content' rule placed after a 'redirect' rule")]
    [InlineData("route session", "'tcp-request session' rule placed after a 'use_backend' rule")]
    [InlineData("route http", "'http-request' rule placed after a 'use_backend' rule")]
    [InlineData("server http", "'http-request' rule placed after a 'use-server' rule")]
    [InlineData("server redirect", "'redirect' rule placed after a 'use-server' rule")]
    [InlineData("route redirect", "'redirect' rule placed after a 'use_backend' rule")]
    [InlineData("http delay", null)]
    [InlineData("response content", null)]
    [InlineData("route response", null)]
    [InlineData("server route", null)]
    [InlineData("connection session content http redirect route server", null)]
    public void Rule_behind_what_runs_later_is_warned_of(string words, string? warning)
    {
        string[] lines = [.. words.Split(' ').Select(static word => Lines[word])];
        var warnings = Reading.Of($"{Frontend.Replace("frontend", "listen", StringComparison.Ordinal)}{string.Join('\n', lines)}\n").Warnings().Where(static w => w.Contains("placed after", StringComparison.Ordinal));

        Assert.Equal(warning is null ? [] : [$"parsing [a.cfg:{4 + lines.Length}] : a {warning} will still be processed before."], warnings);
    }

    [Fact]
    public void Rules_of_the_defaults_are_none_that_stand_before() => Assert.DoesNotContain(
        "placed after",
        Reading.Of("defaults d\nmode http\ntimeout client 1s\nhttp-request allow if TRUE\nfrontend f from d\nbind :80\ntcp-request content accept\n").ToString(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("redirect location %[path] ignore-empty", false)]
    [InlineData("redirect ignore-empty location /x if TRUE", false)]
    [InlineData("redirect location %[path]", true)]
    [InlineData("deny", true)]
    public void Redirect_that_may_go_nowhere_ends_nothing(string action, bool isFinal) => Assert.Equal(
        isFinal ? ["parsing [a.cfg:6] : previous 'http-request' action is final and has no condition attached, further entries are NOOP."] : [],
        Reading.Of($"{Frontend}http-request {action}\nhttp-request deny\n").Warnings());
}

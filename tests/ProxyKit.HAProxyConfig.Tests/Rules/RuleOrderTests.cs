namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>What is said of rules that do not run where they stand.</summary>
public sealed class RuleOrderTests
{
    private const string Frontend = "frontend f\nmode http\nbind :80\ntimeout client 1s\n";

    [Theory]
    [InlineData("redirect location %[path] ignore-empty", false)]
    [InlineData("redirect ignore-empty location /x if TRUE", false)]
    [InlineData("redirect location %[path]", true)]
    [InlineData("deny", true)]
    public void Redirect_that_may_go_nowhere_ends_nothing(string action, bool isFinal) => Assert.Equal(
        isFinal ? ["parsing [a.cfg:6] : previous 'http-request' action is final and has no condition attached, further entries are NOOP."] : [],
        Reading.Of($"{Frontend}http-request {action}\nhttp-request deny\n").Warnings());
}

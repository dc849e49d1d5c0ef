using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests.Diagnostics;

public sealed class DiagnosticTextTests
{
    [Theory]
    [InlineData(DiagnosticSeverity.Alert, "[ALERT]    (4711) : config : parsing [a.cfg:12] : text")]
    [InlineData(DiagnosticSeverity.Warning, "[WARNING]  (4711) : config : parsing [a.cfg:12] : text")]
    [InlineData(DiagnosticSeverity.Notice, "[NOTICE]   (4711) : config : parsing [a.cfg:12] : text")]
    [InlineData(DiagnosticSeverity.Diagnostic, "[DIAG]     (4711) : config : parsing [a.cfg:12] : text")]
    public void Label_is_padded_to_ten_columns(DiagnosticSeverity severity, string text)
    {
        Assert.Equal(text, new Diagnostic(severity, "text", "a.cfg", 12, 3).ToText(4711));
    }

    [Fact]
    public void Lexer_leaves_out_the_blank_before_the_colon()
    {
        Assert.Equal(
            "parsing [a.cfg:1]: unmatched quote at position 1:\n  'x\n  ^", Reading.Of("'x\n").Alerts().First());
    }

    [Fact]
    public void Last_words_name_the_files_and_the_failure()
    {
        var lines = Reading.Of("nope\n").ToString().TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.EndsWith(" : config : parsing [a.cfg:1] : unknown keyword 'nope' out of section.", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" : config : Error(s) found in configuration file : a.cfg", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" : config : Fatal errors found in configuration.", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Valid_file_without_messages_says_nothing()
    {
        Assert.Equal("", Reading.Of("frontend f\nbind :80\ntimeout client 1s\n").ToString());
    }

    [Fact]
    public void Warnings_can_be_reason_enough_to_refuse()
    {
        const string Text = "frontend f\nbind :80\n";

        Assert.True(Reading.Of(Text).IsValid);
        Assert.False(Reading.Of("global\nzero-warning\n" + Text).IsValid);
        var result = HAProxyConfiguration.Parse(Text, new HAProxyConfigurationOptions { RefusesWarnings = true });
        Assert.False(result.IsValid);
        Assert.Contains("missing timeouts for frontend 'f'.", Assert.Throws<HAProxyConfigurationException>(result.GetOptionsOrThrow).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_a_file_of_nonsense_are_limited()
    {
        var result = Reading.Of(string.Concat(Enumerable.Repeat("nonsense\n", 100_000)));

        Assert.Equal(1000, result.Alerts().Count());
        Assert.Equal("1000 errors are enough: no more are looked for.", Assert.Single(result.Notices()));
    }

    [Fact]
    public void Error_behind_any_number_of_warnings_and_notices_is_found()
    {
        var rules = string.Concat(Enumerable.Repeat("http-request sc-inc-gpc0\n", 1002));
        var notices = string.Concat(Enumerable.Repeat(".notice \"read\"\n", 1003));

        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\nuse_backend b\n{rules}{notices}nonsense\nbackend b\nmode http\n");

        Assert.Null(result.Options);
        Assert.Equal("parsing [a.cfg:2011] : unknown keyword 'nonsense' in 'frontend' section", Assert.Single(result.Alerts()));
        Assert.Equal(1000, result.Warnings().Count());
        Assert.Equal((1001, "Left out here: 2 more warning(s), 3 more notice(s)."), (result.Notices().Count(), result.Notices().Last()));
        Assert.Contains("nonsense", Assert.Throws<HAProxyConfigurationException>(result.GetOptionsOrThrow).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_behind_any_number_of_warnings_are_run()
    {
        var rules = string.Concat(Enumerable.Repeat("http-request sc-inc-gpc0\n", 1200));

        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\nuse_backend b\n{rules}http-request deny\nbackend b\nmode http\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(1201, Assert.Single(result.Options.Frontends).Rules.Request.Count);
    }
}

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

        Assert.Equal(1000, result.Diagnostics.Count);
    }
}

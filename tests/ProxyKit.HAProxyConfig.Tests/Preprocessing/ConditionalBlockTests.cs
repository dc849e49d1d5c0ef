namespace ProxyKit.HAProxyConfig.Tests.Preprocessing;

public sealed class ConditionalBlockTests
{
    [Theory]
    [InlineData(".if 1\n.notice a\n.else\n.notice b\n.endif\n", "a")]
    [InlineData(".if 0\n.notice a\n.else\n.notice b\n.endif\n", "b")]
    [InlineData(".if 0\n.notice a\n.elif 1\n.notice b\n.elif 1\n.notice c\n.else\n.notice d\n.endif\n", "b")]
    [InlineData(".if 0\n.notice a\n.elif 0\n.notice b\n.endif\n", "")]
    [InlineData(".if 1\n.notice a\n.if 0\n.notice b\n.else\n.notice c\n.endif\n.notice d\n.endif\n", "a,c,d")]
    [InlineData(".if 0\n.if 1\n.notice a\n.else\n.notice b\n.endif\n.else\n.notice c\n.endif\n", "c")]
    [InlineData(".if\n.notice a\n.endif\n", "")]
    [InlineData(".if streq(\"$A\",x)\n.notice a\n.endif\n", "a")]
    [InlineData(".if streq( \"$A\" ,x)\n.notice a\n.endif\n", "")] // blanks belong to the argument
    [InlineData(" \t.if 1 # because\n.notice a\n\t.endif\n", "a")]
    public void Lines_of_the_branch_that_holds_are_run(string text, string told)
    {
        var result = Reading.Of(text + "frontend f\nbind :1\ntimeout client 1s\n", ("A", "x"));

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(told, string.Join(',', result.Notices().Select(static n => n.Split('\'')[1])));
    }

    [Fact]
    public void Lines_that_are_not_run_may_be_nonsense()
    {
        Assert.True(Reading.Of(
            ".if 0\nnonsense \"${ \\xZZ 'unmatched\n.elsewhere\n.if (((\n.endif\n.endif\nfrontend f\nbind :1\ntimeout client 1s\n").IsValid);
    }

    [Fact]
    public void Keywords_of_global_count_from_the_next_line_on()
    {
        var result = Reading.Of(
            """
            global
                presetenv A 1
                presetenv B 1
                setenv C "$A$B"
                setenv A 3
            .if defined(C)
                unsetenv B
            .endif
            .notice "$A,$C,${B-none}"
                resetenv A
            .notice "$A,${C-none}"

            """,
            ("B", "2"));

        Assert.Equal(["parsing [a.cfg:9]: '3,12,none'.", "parsing [a.cfg:11]: '3,none'."], result.Notices());
    }

    [Theory]
    [InlineData(".elif 1\n", "lone '.elif' with no matching '.if'.")]
    [InlineData(".else\n", "lone '.else' with no matching '.if'.")]
    [InlineData(".endif\n", "lone '.endif' with no matching '.if'.")]
    [InlineData(".if 1\n.else\n.elif 1\n.endif\n", "'.elif' after '.else' is not permitted.")]
    [InlineData(".if 1\n.else\n.else\n.endif\n", "'.else' after '.else' is not permitted.")]
    [InlineData(".if 1\n", "unterminated '.if' block, begun at line 1.")]
    [InlineData(".if 1\n.else x\n.endif\n", "'.else' cannot handle unexpected argument 'x'.")]
    [InlineData(".if foo(\n.endif\n", "unparsable conditional expression 'foo(' in '.if': a closing parenthesis is missing at position 5.")]
    [InlineData(".iff 1\n", "unknown directive '.iff'; did you mean '.if' maybe ?")]
    [InlineData(".alert \"stop here\"\n", "'stop here'.")]
    [InlineData(".alert stop here\n", "parsing [a.cfg:1]: Unexpected argument 'here' for '.alert'. Use quotes if the message should contain spaces.")]
    [InlineData(".warning a b c\n", "parsing [a.cfg:1]: Unexpected argument 'b' for '.warning'. Use quotes if the message should contain spaces.")]
    [InlineData(".notice a b\n", "parsing [a.cfg:1]: Unexpected argument 'b' for '.notice'. Use quotes if the message should contain spaces.")]
    [InlineData(".diag a b\n", "parsing [a.cfg:1]: Unexpected argument 'b' for '.diag'. Use quotes if the message should contain spaces.")]
    public void Faults_of_blocks_are_alerts(string text, string message)
    {
        var alerts = Reading.Of(text + "frontend f\nbind :1\n").Alerts();

        Assert.Contains(message, Assert.Single(alerts), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_nest_a_hundred_deep()
    {
        static string Nested(int depth) =>
            string.Concat(Enumerable.Repeat(".if 1\n", depth)) + string.Concat(Enumerable.Repeat(".endif\n", depth)) + "frontend f\nbind :1\n";

        Assert.True(Reading.Of(Nested(100)).IsValid);
        Assert.Contains("parsing [a.cfg:101]: too many nested '.if', max is 100.", Reading.Of(Nested(101)).Alerts());
    }

    [Fact]
    public void Messages_have_their_severity()
    {
        var result = HAProxyConfiguration.Parse(
            ".diag \"d e\"\n.notice n\n.warning \"w w\"\n", new HAProxyConfigurationOptions { ShowsDiagnostics = true }, "a.cfg");

        Assert.Equal(
            ["[DIAG]     (7) : config : parsing [a.cfg:1]: 'd e'.", "[NOTICE]   (7) : config : parsing [a.cfg:2]: 'n'.", "[WARNING]  (7) : config : parsing [a.cfg:3]: 'w w'."],
            result.Diagnostics.Take(3).Select(static d => d.ToText(7)));
        Assert.DoesNotContain(Reading.Of(".diag d\n").Diagnostics, static d => d.Severity == HAProxyConfig.Diagnostics.DiagnosticSeverity.Diagnostic);
    }
}

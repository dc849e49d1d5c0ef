using ProxyKit.Mailing;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

public sealed class MailersTests
{
    private const string Mailers = "mailers ops\nmailer m1 127.0.0.1:25\nmailer m1 [::1]:2525\ntimeout mail 4s\n";
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\ndefault_backend b\n";
    private const string Backend = "backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\nserver s 10.0.0.1:80\n";
    private const string Whole = "email-alert mailers ops\nemail-alert from a@b.example\nemail-alert to c@d.example\n";

    [Fact]
    public void Section_becomes_options()
    {
        var options = Options(Mailers + Frontend + Backend);

        var mailers = Assert.Single(options.Mailers);
        Assert.Equal(("ops", TimeSpan.FromSeconds(4)), (mailers.Name, mailers.Timeout));
        Assert.Equal([("m1", "127.0.0.1:25"), ("m1", "[::1]:2525")], mailers.Mailers.Select(static m => (m.Name, m.Address)));
        Assert.Null(Assert.Single(options.Backends).EmailAlert);
    }

    [Fact]
    public void Time_of_0_is_the_usual() =>
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(Options($"mailers ops\nmailer m1 127.0.0.1:25\ntimeout mail 0\n{Frontend}{Backend}").Mailers).Timeout);

    [Fact]
    public void Lines_of_a_backend_become_its_mails()
    {
        var alert = AlertOf(Whole + "email-alert level notice\nemail-alert myhostname here.example\n")!;

        Assert.Equal(
            ("ops", "a@b.example", "c@d.example", EmailAlertLevel.Changes, "here.example"), (alert.Mailers, alert.From, alert.To, alert.Level, alert.HostName));
    }

    [Theory]
    [InlineData("alert", EmailAlertLevel.Failures)]
    [InlineData("warning", EmailAlertLevel.Failures)]
    [InlineData("notice", EmailAlertLevel.Changes)]
    [InlineData("info", EmailAlertLevel.Checks)]
    [InlineData("debug", EmailAlertLevel.Checks)]
    public void Level_is_one_of_HAProxys(string word, EmailAlertLevel level) => Assert.Equal(level, AlertOf($"{Whole}email-alert level {word}\n")!.Level);

    [Fact]
    public void Level_by_which_nothing_is_told_is_no_mail() => Assert.Null(AlertOf($"{Whole}email-alert level emerg\n"));

    [Fact]
    public void Defaults_are_inherited_line_by_line()
    {
        var options = Options($"{Mailers}defaults\n{Whole}email-alert level info\n{Frontend}{Backend}email-alert to x@y.example\n");

        var alert = Assert.Single(options.Backends).EmailAlert!;
        Assert.Equal(("a@b.example", "x@y.example", EmailAlertLevel.Checks), (alert.From, alert.To, alert.Level));
    }

    [Theory]
    [InlineData("mailer m1 127.0.0.1", "parsing [a.cfg:2] : 'mailer m1' : '127.0.0.1' is not a host and a port.")]
    [InlineData("mailer m1 unix@/run/mail", "parsing [a.cfg:2] : 'mailer m1' : 'unix@/run/mail' is not a host and a port.")]
    [InlineData("mailer m1 127.0.0.1:smtp", "parsing [a.cfg:2] : 'mailer m1' : invalid port 'smtp'")]
    [InlineData("mailer m1", "parsing [a.cfg:2] : 'mailer' expects")]
    [InlineData("timeout mail 5x", "parsing [a.cfg:2] : ")]
    public void Fault_of_a_section_is_told(string line, string message) =>
        Assert.StartsWith(message, Reading.Alert($"mailers ops\n{line}\n{Frontend}{Backend}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("email-alert mailers opps\nemail-alert from a\nemail-alert to b", "Proxy 'b': unable to find mailers 'opps'")]
    [InlineData("email-alert level loud", "'email-alert level' only supports 'emerg', 'alert'")]
    public void Fault_of_a_backend_is_told(string lines, string message) =>
        Assert.Contains(message, Reading.Alert($"{Mailers}{Frontend}{Backend}{lines}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData(Backend + "email-alert from a\nemail-alert mailers ops", "will be ignored for backend 'b': each of")]
    [InlineData(Backend + "email-alert level info", "will be ignored for backend 'b': each of")]
    [InlineData(Whole + Backend, "will be ignored for frontend 'f': it has no servers.")]
    [InlineData(Backend + "mailers none", "mailers 'none' has no 'mailer': nobody takes its mails.")]
    public void Mails_that_nobody_gets_are_warned_of(string behindFrontend, string message) =>
        Assert.Contains(Reading.Of(Mailers + Frontend + behindFrontend + "\n").Warnings(), w => w.Contains(message, StringComparison.Ordinal));

    private static EmailAlertOptions? AlertOf(string lines) => Assert.Single(Options(Mailers + Frontend + Backend + lines).Backends).EmailAlert;

    private static ProxyOptions Options(string text)
    {
        var result = Reading.Of(text);
        Assert.True(result.IsValid, result.ToString());
        return result.Options!;
    }
}

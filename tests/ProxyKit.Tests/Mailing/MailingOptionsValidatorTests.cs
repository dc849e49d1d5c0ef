using ProxyKit.Mailing;

namespace ProxyKit.Tests.Mailing;

public sealed class MailingOptionsValidatorTests
{
    [Fact]
    public void Mailers_and_mails_that_are_in_order_are_taken() => Assert.Empty(FaultsOf(static _ => { }, static _ => { }));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("unix@/run/mail")]
    [InlineData("127.0.0.1:+25")]
    [InlineData("_smtp._tcp.example")]
    [InlineData("")]
    public void Mailer_that_cannot_be_reached_is_refused(string address) => Refused(
        o => o.Mailers[0].Mailers.Add(new MailerOptions { Name = "m2", Address = address }),
        static _ => { },
        $"mailers \"ops\" > mailer \"m2\" > Address: \"{address}\" is not a host and a port.");

    [Fact]
    public void Mailers_without_a_mailer_are_refused() => Refused(
        static o => o.Mailers[0].Mailers.Clear(), static _ => { }, "mailers \"ops\" > Mailers: there is none, so nobody would take a mail.");

    [Fact]
    public void Mailers_without_time_are_refused() => Refused(static o => o.Mailers[0].Timeout = TimeSpan.Zero, static _ => { }, "mailers \"ops\" > Timeout: ");

    [Fact]
    public void Mailers_of_one_name_are_refused() => Refused(static o => o.Mailers.Add(o.Mailers[0]), static _ => { }, "Mailers: ");

    [Fact]
    public void Mails_by_mailers_that_are_not_there_are_refused() => Refused(
        static o => o.Mailers.Clear(), static _ => { }, "backend \"b\" > EmailAlert > Mailers: there are no mailers \"ops\".");

    [Fact]
    public void Greeting_that_is_no_name_is_refused() => Refused(
        static _ => { }, static a => a.HostName = "a\r\nDATA", "backend \"b\" > EmailAlert > HostName: ");

    [Theory]
    [InlineData("")]
    [InlineData("a@b.example>\r\nDATA")]
    [InlineData("Operations <a@b.example>")]
    public void Sender_that_is_no_address_is_refused(string from)
    {
        var faults = FaultsOf(o => o.Backends[0].EmailAlert = new EmailAlertOptions { Mailers = "ops", From = from, To = from }, static _ => { });

        Assert.Contains(faults, static f => f.StartsWith("backend \"b\" > EmailAlert > From: ", StringComparison.Ordinal));
        Assert.Contains(faults, static f => f.StartsWith("backend \"b\" > EmailAlert > To: ", StringComparison.Ordinal));
    }

    private static void Refused(Action<ProxyOptions> change, Action<EmailAlertOptions> alert, string fault) =>
        Assert.Contains(FaultsOf(change, alert), f => f.StartsWith(fault, StringComparison.Ordinal));

    private static IReadOnlyList<string> FaultsOf(Action<ProxyOptions> change, Action<EmailAlertOptions> alert)
    {
        var builder = new ProxyBuilder()
            .AddMailers("ops", static m => m.Mailer("m1", "127.0.0.1:25").Timeout(TimeSpan.FromSeconds(5)))
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
            .AddBackend("b", static b => b.EmailAlert("ops", "from@a.example", "to@b.example", EmailAlertLevel.Changes).AddServer("s", "127.0.0.1:1"));
        var options = builder.Build();
        change(options);
        if (options.Backends[0].EmailAlert is { } present)
        {
            alert(present);
        }

        return Proxy.Check(options);
    }
}

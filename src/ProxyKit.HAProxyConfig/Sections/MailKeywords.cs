using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.Mailing;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Who is told by mail what becomes of servers, and what stands in a <c>mailers</c> section.</summary>
internal static class MailKeywords
{
    private static readonly (string Word, EmailAlertLevel? Level)[] Levels =
    [
        ("emerg", null), // no server's fate is as bad as that
        ("alert", EmailAlertLevel.Failures),
        ("crit", EmailAlertLevel.Failures),
        ("err", EmailAlertLevel.Failures),
        ("warning", EmailAlertLevel.Failures),
        ("notice", EmailAlertLevel.Changes),
        ("info", EmailAlertLevel.Checks),
        ("debug", EmailAlertLevel.Checks),
    ];

    public static IEnumerable<Keyword> All =>
    [
        Alert("from", "<address>", static (s, alert) => alert with { From = s[0] }),
        Alert("to", "<address>", static (s, alert) => alert with { To = s[0] }),
        Alert("mailers", "<mailers>", static (s, alert) => alert with { Mailers = (s[0], s.PlaceOf(0)) }),
        Alert("myhostname", "<name>", static (s, alert) => alert with { HostName = s[0] }),
        Alert("level", "<level>", static (s, alert) => s.TryChoice(0, out var level, Levels) ? alert with { Level = level } : alert),
        Keyword.Runs("mailer", Section.Mailers, "<name> <address>", Mailer),
        Keyword.Runs("timeout mail", Section.Mailers, "<time>", static s =>
        {
            if (s.TryTime(0, out var time) && time > TimeSpan.Zero) // without a limit that of HAProxy's own holds
            {
                Of(s).Timeout = time;
            }
        }),
    ];

    private static MailersOptions Of(Statement s) => ((MailersSection)s.Target!).Options; // its keywords stand in nothing else

    private static Keyword Alert(string word, string arguments, Func<Statement, EmailAlertSettings, EmailAlertSettings> say) =>
        Keyword.Runs($"email-alert {word}", Section.Proxies, arguments, s =>
        {
            var settings = s.Proxy.Settings;
            settings.EmailAlert = say(s, settings.EmailAlert is { } before ? before with { Place = s.Place } : new EmailAlertSettings(s.Place));
        });

    private static void Mailer(Statement s)
    {
        var fault = ServerAddressText.Read(s[1], out var address)
            ?? (address.Port == 0 || address.PortOffset is not null || address.IsService ? $"'{s[1]}' is not a host and a port" : null)
            ?? (address.IsName && s.Options.ResolveNames && HostNames.Find(address.Host, AddressFamily.Any) is null ? $"could not resolve address '{address.Host}'" : null);
        if (fault is not null)
        {
            s.Alert(1, $"'mailer {s[0]}' : {fault}.");
            return;
        }

        Of(s).Mailers.Add(new MailerOptions { Name = s[0], Address = address.ToString() });
    }
}

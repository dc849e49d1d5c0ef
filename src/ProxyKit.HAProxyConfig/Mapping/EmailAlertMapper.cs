using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Mailing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes the options about mails on a backend's servers, and says where there will be none.</summary>
internal sealed class EmailAlertMapper(ConfigModel model, DiagnosticList diagnostics)
{
    /// <summary>The mailers that there are: a section without any is not used.</summary>
    public IEnumerable<MailersOptions> MapMailers()
    {
        foreach (var section in model.Mailers)
        {
            if (section.Options.Mailers.Count > 0)
            {
                yield return section.Options;
            }
            else
            {
                diagnostics.Warning(section.Place, $"mailers '{section.Options.Name}' has no 'mailer': nobody takes its mails.");
            }
        }
    }

    /// <summary>Looks at the lines of any proxy; a frontend has no servers to tell of.</summary>
    public void Check(ProxySection proxy)
    {
        if (proxy.Settings.EmailAlert is not { } alert)
        {
            return;
        }

        if (alert.IsIncomplete)
        {
            diagnostics.Warning(
                alert.Place,
                $"'email-alert' will be ignored for {proxy}: each of 'email-alert from', 'email-alert mailers' and 'email-alert to' is needed, where there is any.");
        }
        else if (proxy.Kind == ProxyKind.Frontend && alert != proxy.From?.Settings.EmailAlert)
        {
            diagnostics.Warning(alert.Place, $"'email-alert' will be ignored for {proxy}: it has no servers.");
        }

        if (alert.Mailers is var (name, place) && model.Mailers.All(m => m.Options.Name != name))
        {
            diagnostics.Alert(
                place, $"Proxy '{proxy.Name}': unable to find mailers '{name}'{NearestName.Hint(name, model.Mailers.Select(static m => m.Options.Name))}.");
        }
    }

    public EmailAlertOptions? Map(ProxySection proxy) =>
        proxy.Settings.EmailAlert is { IsIncomplete: false, Mailers: var (mailers, _), From: { } from, To: { } to, Level: { } level } alert
        && model.Mailers.Exists(m => m.Options.Name == mailers && m.Options.Mailers.Count > 0)
            ? new EmailAlertOptions { Mailers = mailers, From = from, To = to, HostName = alert.HostName, Level = level }
            : null;
}

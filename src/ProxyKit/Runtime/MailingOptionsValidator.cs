using System.Net;
using ProxyKit.Mailing;
using ProxyKit.Transport;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with mailers, and with the mails that backends send by them.</summary>
internal static class MailingOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        foreach (var (group, position) in root.Elements(nameof(options.Mailers), options.Mailers))
        {
            Validate(group, root.In("mailers", group.Name, position));
        }

        root.CheckUnique(nameof(options.Mailers), options.Mailers.Select(static m => m?.Name));
        foreach (var (index, backend) in options.Backends.Index())
        {
            if (backend?.EmailAlert is { } alert)
            {
                Validate(alert, options, root.In("backend", backend.Name, index + 1).In(nameof(backend.EmailAlert)));
            }
        }
    }

    private static void Validate(MailersOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckLimit(nameof(options.Timeout), options.Timeout);
        if (options.Mailers.Count == 0)
        {
            path.Add(nameof(options.Mailers), "there is none, so nobody would take a mail");
        }

        foreach (var (mailer, position) in path.Elements(nameof(options.Mailers), options.Mailers))
        {
            var place = path.In("mailer", mailer.Name, position);
            place.CheckName(mailer.Name);
            if (!NetworkAddress.TryParseServer(mailer.Address ?? "", out var endPoint, out var portOffset, out _)
                || endPoint is not (IPEndPoint { Port: > 0 } or DnsEndPoint { Port: > 0 }) || portOffset is not null)
            {
                place.Add(nameof(mailer.Address), $"{FaultPath.Quote(mailer.Address ?? "")} is not a host and a port");
            }
        }
    }

    private static void Validate(EmailAlertOptions alert, ProxyOptions options, FaultPath path)
    {
        if (options.Mailers.All(m => m?.Name != alert.Mailers))
        {
            path.Add(nameof(alert.Mailers), $"there are no mailers {FaultPath.Quote(alert.Mailers ?? "")}");
        }

        path.CheckDefined(nameof(alert.Level), alert.Level);
        CheckAddress(nameof(alert.From), alert.From, path);
        CheckAddress(nameof(alert.To), alert.To, path);
        if (alert.HostName is { } name && (name.Length == 0 || name.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))))
        {
            path.Add(nameof(alert.HostName), $"{FaultPath.Quote(name)} is not the name of a host");
        }
    }

    /// <summary>Whatever it is, it stands between brackets in one line.</summary>
    private static void CheckAddress(string property, string? address, FaultPath path)
    {
        if (string.IsNullOrEmpty(address) || address.Any(static c => char.IsControl(c) || c is '<' or '>'))
        {
            path.Add(property, $"{FaultPath.Quote(address ?? "")} is not an address as mails have it, name@example.com");
        }
    }
}

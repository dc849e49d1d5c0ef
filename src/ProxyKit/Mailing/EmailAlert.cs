using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Mailing;

/// <summary>Who is told by mail what becomes of a backend's servers, as the running configuration has it: immutable.</summary>
/// <param name="HostName">The name that mailers are greeted with.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Level">How much is told.</param>
/// <param name="Limit">How long it may take to hand over a mail.</param>
/// <param name="Mailers">Who is given each mail.</param>
internal sealed record EmailAlert(
    string HostName, string From, string To, EmailAlertLevel Level, TimeSpan Limit, IReadOnlyList<(string Name, EndPoint EndPoint)> Mailers)
{
    /// <summary>Makes it of options that are in order.</summary>
    public static EmailAlert Of(EmailAlertOptions options, MailersOptions mailers) => new(
        options.HostName ?? Dns.GetHostName(),
        options.From,
        options.To,
        options.Level,
        mailers.Timeout,
        [.. mailers.Mailers.Select(static m => (m.Name, EndPointOf(m)))]);

    private static EndPoint EndPointOf(MailerOptions mailer) =>
        NetworkAddress.TryParseServer(mailer.Address, out var endPoint, out _, out var fault) ? endPoint : throw new InvalidOperationException(fault); // validated: cannot be
}

using Microsoft.Extensions.Logging;

namespace ProxyKit.Mailing;

/// <summary>The messages about mails.</summary>
internal static partial class MailingLog
{
    /// <summary>Their category.</summary>
    public const string Category = "ProxyKit.Mail";

    [LoggerMessage(50, LogLevel.Warning, "Mailer '{Mailer}' has not taken a mail: {Fault}. It was about: {Text}")]
    public static partial void MailFailed(this ILogger logger, string mailer, string fault, string text);

    [LoggerMessage(51, LogLevel.Warning, "A mail for mailer '{Mailer}' is dropped, since too many wait already. It was about: {Text}")]
    public static partial void MailDropped(this ILogger logger, string mailer, string text);
}

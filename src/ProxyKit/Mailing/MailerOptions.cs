namespace ProxyKit.Mailing;

/// <summary>A server that takes mails. HAProxy: <c>mailer</c>.</summary>
public sealed class MailerOptions
{
    /// <summary>The name, for logs.</summary>
    public required string Name { get; init; }

    /// <summary>The address: <c>127.0.0.1:25</c>, <c>[::1]:25</c>, <c>mail.internal:25</c>.</summary>
    public required string Address { get; init; }
}

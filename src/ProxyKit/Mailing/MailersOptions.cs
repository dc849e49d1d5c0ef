namespace ProxyKit.Mailing;

/// <summary>Who takes mails about servers, to pass them on. HAProxy: <c>mailers</c>.</summary>
/// <remarks>Each of them is given each mail, over TCP and in the clear, by RFC 5321: somebody on this machine or in this network, who asks for no password.</remarks>
public sealed class MailersOptions
{
    /// <summary>The name, for the backends that use them; unique among groups of mailers.</summary>
    public required string Name { get; init; }

    /// <summary>Who they are. HAProxy: <c>mailer</c>.</summary>
    /// <value>None by default; one at least is needed.</value>
    public IList<MailerOptions> Mailers { get; } = [];

    /// <summary>How long it may take to hand a mail to one of them, from the connection to the last answer; after that it is given up. HAProxy:
    /// <c>timeout mail</c>.</summary>
    /// <value>10 seconds by default; more than zero.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

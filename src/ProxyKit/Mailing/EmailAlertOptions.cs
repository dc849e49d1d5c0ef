namespace ProxyKit.Mailing;

/// <summary>Who is told by mail what becomes of a backend's servers. HAProxy: <c>email-alert</c>.</summary>
/// <remarks>A mail says what the line of the log says, in its subject and in its text. Maintenance is not told of: whoever ordered it knows.</remarks>
public sealed class EmailAlertOptions
{
    /// <summary>The mailers, by the name of their group. HAProxy: <c>email-alert mailers</c>.</summary>
    public required string Mailers { get; init; }

    /// <summary>The sender's address, without brackets. HAProxy: <c>email-alert from</c>.</summary>
    public required string From { get; init; }

    /// <summary>The recipient's address, without brackets. HAProxy: <c>email-alert to</c>.</summary>
    public required string To { get; init; }

    /// <summary>The name that mailers are greeted with. HAProxy: <c>email-alert myhostname</c>.</summary>
    /// <value>Null by default: this machine's.</value>
    public string? HostName { get; set; }

    /// <summary>How much is told. HAProxy: <c>email-alert level</c>.</summary>
    /// <value><see cref="EmailAlertLevel.Failures"/> by default.</value>
    public EmailAlertLevel Level { get; set; }
}

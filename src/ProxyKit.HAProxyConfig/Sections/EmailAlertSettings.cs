using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Mailing;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a proxy says about mails on its servers, line by line.</summary>
/// <param name="Place">The last of the lines.</param>
internal sealed record EmailAlertSettings(Place Place)
{
    public (string Name, Place Place)? Mailers { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? HostName { get; init; }

    /// <summary>Null where it is so little that nothing is ever told.</summary>
    public EmailAlertLevel? Level { get; init; } = EmailAlertLevel.Failures;

    /// <summary>Whether something is missing without which there is no mail.</summary>
    public bool IsIncomplete => Mailers is null || From is null || To is null;
}

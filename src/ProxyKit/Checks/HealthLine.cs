using ProxyKit.Mailing;

namespace ProxyKit.Checks;

/// <summary>A line of the log about a change of a server's state.</summary>
/// <param name="Text">The line.</param>
internal readonly record struct HealthLine(string Text)
{
    /// <summary>Whether it tells of a server that is lost.</summary>
    public bool IsBad { get; init; }

    /// <summary>What it is to those who are told by mail; null for nothing.</summary>
    public EmailAlertLevel? Mailed { get; init; }
}

namespace ProxyKit.Checks;

/// <summary>What changed a server's state, as logs say it.</summary>
/// <param name="Text">Behind <c>is DOWN</c>: <c>, reason: …</c> or <c> via be/srv</c>; empty for nothing.</param>
/// <param name="Who">Who decided it, in brackets behind a maintenance; null for nobody in particular.</param>
internal readonly record struct HealthCause(string Text, string? Who = null)
{
    /// <summary>The name that leads somewhere again, where that brought it back; null for anything else.</summary>
    public string? ResolvedName { get; init; }

    public static HealthCause None => new("");
}

namespace ProxyKit.Checks;

/// <summary>One step of a check. See <see cref="HealthCheckOptions.Steps"/>.</summary>
public abstract class CheckStep
{
    private protected CheckStep()
    {
    }

    /// <summary>What messages call the step. HAProxy: <c>comment</c>.</summary>
    /// <value>Null by default: they describe it.</value>
    public string? Comment { get; init; }
}

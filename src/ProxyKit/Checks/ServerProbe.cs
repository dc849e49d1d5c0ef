namespace ProxyKit.Checks;

/// <summary>What a check does, made ready. Serves all servers of a backend, several at once.</summary>
internal abstract class ServerProbe
{
    /// <summary>Does it.</summary>
    /// <param name="run">The check under way.</param>
    /// <returns>What was found; without its duration.</returns>
    public abstract ValueTask<CheckResult> RunAsync(CheckRun run);
}

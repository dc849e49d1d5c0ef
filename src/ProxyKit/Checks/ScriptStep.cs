namespace ProxyKit.Checks;

/// <summary>A step of a check, made ready.</summary>
internal abstract class ScriptStep
{
    /// <summary>Its place among the steps, from 1; 0 for one that nobody wrote.</summary>
    public int Number { get; init; }

    public string? Comment { get; init; }

    /// <summary>What messages call it: <c>connect port 443</c>, <c>send</c>, <c>expect string 'PONG'</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Does it.</summary>
    /// <returns>What came of it: a failure ends the check; <see cref="CheckStatus.Initializing"/> says nothing.</returns>
    public abstract ValueTask<CheckResult> RunAsync(CheckRun run);

    /// <summary>Whether what it says of a failure names the step already.</summary>
    public virtual bool PlacesItself(CheckResult result) => false;
}

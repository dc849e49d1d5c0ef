namespace ProxyKit.Checks;

/// <summary>Waits for what a peer says until that is enough to judge it.</summary>
internal abstract class ReceivingStep : ScriptStep
{
    /// <summary>What comes of it where nothing enough came in time.</summary>
    public CheckStatus TimeoutStatus { get; init; } = CheckStatus.Layer7TimedOut;

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        run.BeginPhase();
        while (true)
        {
            if (run.IsTimeUp)
            {
                return new CheckResult(TimeoutStatus);
            }

            if ((run.Length > 0 || run.IsOver) && Judge(run) is { } result)
            {
                return result;
            }

            if (run.IsOver)
            {
                return Empty(run);
            }

            await run.ReceiveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Judges what has come.</summary>
    /// <returns>What is thought of it; null while more may change that. Not null at the end of it, unless nothing at all is to be thought of it.</returns>
    protected abstract CheckResult? Judge(CheckRun run);

    /// <summary>What is thought of nothing, or too little.</summary>
    protected virtual CheckResult Empty(CheckRun run) => new(CheckStatus.Layer7Invalid, 0, "Connection closed without an answer");
}

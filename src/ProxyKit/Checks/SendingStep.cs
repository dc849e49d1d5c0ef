namespace ProxyKit.Checks;

/// <summary>Sends bytes.</summary>
internal sealed class SendingStep(ReadOnlyMemory<byte> bytes) : ScriptStep
{
    public override string Name => "send";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run) => await run.SendAsync(bytes).ConfigureAwait(false)
        ? default
        : run.IsTimeUp ? new CheckResult(CheckStatus.Layer7TimedOut)
        : new CheckResult(CheckStatus.Layer4Failed, 0, "Connection error during send");
}

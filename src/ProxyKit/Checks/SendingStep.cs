namespace ProxyKit.Checks;

/// <summary>Sends bytes.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="format">What makes them anew for each check; null for nothing.</param>
/// <param name="isHexadecimal">Whether that makes digits.</param>
internal sealed class SendingStep(ReadOnlyMemory<byte> bytes, CheckValue? format = null, bool isHexadecimal = false) : ScriptStep
{
    public override string Name => "send";

    public override bool PlacesItself(CheckResult result) => result.Status == CheckStatus.Layer7Invalid;

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        var made = isHexadecimal ? format?.FromHexadecimal(run) : format?.Bytes(run);
        if (format is not null && made is null)
        {
            return new CheckResult(CheckStatus.Layer7Invalid, 0, $"tcp-check send : failed to build log-format string at step {Number}");
        }

        return await run.SendAsync(made ?? bytes).ConfigureAwait(false) ? default
            : run.IsTimeUp ? new CheckResult(CheckStatus.Layer7TimedOut)
            : new CheckResult(CheckStatus.Layer4Failed, 0, "Connection error during send");
    }
}

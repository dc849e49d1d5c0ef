namespace ProxyKit.Checks;

/// <summary>A user's own check.</summary>
internal sealed class CustomProbe(IServerCheck check) : ServerProbe
{
    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        try
        {
            run.BeginPhase();
            var result = await check.CheckAsync(new CheckTarget(run.Server, run.Plan.EndPoint), run.Token).ConfigureAwait(false);
            return CheckStatusText.VerdictOf(result.Status) == CheckVerdict.Neutral ? new CheckResult(CheckStatus.Layer7Invalid, 0, "The check said nothing") : result;
        }
        catch (Exception e) when (run.IsTimeUp || e is OperationCanceledException)
        {
            return new CheckResult(CheckStatus.Layer7TimedOut);
        }
        catch (Exception e)
        {
            return new CheckResult(CheckStatus.Layer7Invalid, 0, CheckText.Of(e.Message)); // a user's code may throw what it likes
        }
    }
}

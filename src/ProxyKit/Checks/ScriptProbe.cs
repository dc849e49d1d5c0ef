using System.Globalization;

namespace ProxyKit.Checks;

/// <summary>A check in steps, which all of HAProxy's own kinds are.</summary>
/// <param name="steps">The steps; the first opens a connection.</param>
/// <param name="isTcpCheck">Whether messages name the step at which it failed.</param>
internal sealed class ScriptProbe(ScriptStep[] steps, bool isTcpCheck) : ServerProbe
{
    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        var last = default(CheckResult);
        foreach (var step in steps)
        {
            if (step is VariableStep)
            {
                await step.RunAsync(run).ConfigureAwait(false); // of no account for what comes of the check, but that a code is the last step's
                last = last with { Code = 0 };
                continue;
            }

            last = await step.RunAsync(run).ConfigureAwait(false);
            if (CheckStatusText.VerdictOf(last.Status) == CheckVerdict.Failed)
            {
                return isTcpCheck && !step.PlacesItself(last) ? Place(step, last) : last;
            }

            if (last.Status == CheckStatus.Layer7PassedConditionally)
            {
                return last;
            }
        }

        // Who only sends has nothing to say of what came of it.
        return last.Status == CheckStatus.Initializing ? new CheckResult(CheckStatus.Layer7Passed, 0, isTcpCheck ? "(tcp-check)" : null) : last;
    }

    private static CheckResult Place(ScriptStep step, CheckResult result)
    {
        var place = step.Number == 0
            ? " at initial connection step of tcp-check"
            : string.Create(CultureInfo.InvariantCulture, $" at step {step.Number} of tcp-check ({step.Name})");
        var comment = step.Comment is { } text ? $" comment: '{text}'" : "";
        return result with { Info = $"{result.Info}{place}{comment}" };
    }
}

using System.Text;

namespace ProxyKit.Checks;

/// <summary>Waits for the line of an agent.</summary>
internal sealed class AgentLineStep : ReceivingStep
{
    public override string Name => "expect a line";

    protected override CheckResult? Judge(CheckRun run)
    {
        var received = run.Received;
        var start = received.IndexOfAnyExcept("\r\n"u8);
        if (start < 0)
        {
            return null;
        }

        var end = received[start..].IndexOfAny("\r\n"u8);
        return end >= 0 ? new CheckResult(CheckStatus.Layer7Passed, 0, Encoding.Latin1.GetString(received.Slice(start, end)))
            : run.IsOver ? new CheckResult(CheckStatus.Layer7Invalid, 0, "Ignoring incomplete line from agent")
            : null;
    }

    protected override CheckResult Empty(CheckRun run) => new(CheckStatus.Layer7Invalid, 0, "Ignoring incomplete line from agent");
}

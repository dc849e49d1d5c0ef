using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Checking;

/// <summary>Says whether a condition of <c>.if</c> lines holds. HAProxy: <c>-cc</c>.</summary>
internal static class ConditionCheck
{
    private const string Holds = "'holds'.";
    private const string HoldsNot = "'holds not'.";

    /// <summary>Evaluates the condition, as a file would: it is put into one.</summary>
    public static int Evaluate(string condition, MessageWriter messages)
    {
        var text = condition.ReplaceLineEndings(" "); // it is one line, whatever a shell makes of it
        var read = HAProxyConfiguration.Parse($".if {text}\n.notice \"holds\"\n.else\n.notice \"holds not\"\n.endif\n", name: "-cc");
        foreach (var diagnostic in read.Diagnostics)
        {
            switch (diagnostic)
            {
                case { Severity: DiagnosticSeverity.Alert, Line: 1 }:
                    messages.Alert($"config : Failed to evaluate condition: {diagnostic.Message}");
                    return ExitCodes.Unreadable;
                case { Severity: DiagnosticSeverity.Notice, Message: Holds }:
                    return ExitCodes.Done;
                case { Severity: DiagnosticSeverity.Notice, Message: HoldsNot }:
                    return ExitCodes.Failed;
            }
        }

        messages.Alert($"config : Failed to evaluate condition: '{condition}'");
        return ExitCodes.Unreadable;
    }
}

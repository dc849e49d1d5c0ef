namespace ProxyKit.Checks;

/// <summary>The words of check statuses, and what they mean.</summary>
internal static class CheckStatusText
{
    public static CheckVerdict VerdictOf(CheckStatus status) => status switch
    {
        CheckStatus.Initializing or CheckStatus.Checked => CheckVerdict.Neutral,
        CheckStatus.Layer4Passed or CheckStatus.Layer6Passed or CheckStatus.Layer7Passed or CheckStatus.ProcessPassed => CheckVerdict.Passed,
        CheckStatus.Layer7PassedConditionally => CheckVerdict.Conditional,
        _ => CheckVerdict.Failed,
    };

    /// <summary>Whether a code belongs to it in logs.</summary>
    public static bool HasCode(CheckStatus status) => status is CheckStatus.Layer7Passed or CheckStatus.Layer7PassedConditionally
        or CheckStatus.Layer7WrongStatus or CheckStatus.ProcessFailed or CheckStatus.ProcessTimedOut or CheckStatus.ProcessPassed;

    public static string CodeOf(CheckStatus status) => status switch
    {
        CheckStatus.SocketError => "SOCKERR",
        CheckStatus.Layer4Passed => "L4OK",
        CheckStatus.Layer4TimedOut => "L4TOUT",
        CheckStatus.Layer4Failed => "L4CON",
        CheckStatus.Layer6Passed => "L6OK",
        CheckStatus.Layer6TimedOut => "L6TOUT",
        CheckStatus.Layer6Failed => "L6RSP",
        CheckStatus.Layer7TimedOut => "L7TOUT",
        CheckStatus.Layer7Invalid => "L7RSP",
        CheckStatus.Layer7Passed => "L7OK",
        CheckStatus.Layer7PassedConditionally => "L7OKC",
        CheckStatus.Layer7WrongStatus => "L7STS",
        CheckStatus.ProcessFailed => "PROCERR",
        CheckStatus.ProcessTimedOut => "PROCTOUT",
        CheckStatus.ProcessPassed => "PROCOK",
        CheckStatus.ErrorsObserved => "HANA",
        CheckStatus.Checked => "CHECKED",
        _ => "INI",
    };

    public static string ReasonOf(CheckStatus status) => status switch
    {
        CheckStatus.SocketError => "Socket error",
        CheckStatus.Layer4Passed => "Layer4 check passed",
        CheckStatus.Layer4TimedOut => "Layer4 timeout",
        CheckStatus.Layer4Failed => "Layer4 connection problem",
        CheckStatus.Layer6Passed => "Layer6 check passed",
        CheckStatus.Layer6TimedOut => "Layer6 timeout",
        CheckStatus.Layer6Failed => "Layer6 invalid response",
        CheckStatus.Layer7TimedOut => "Layer7 timeout",
        CheckStatus.Layer7Invalid => "Layer7 invalid response",
        CheckStatus.Layer7Passed => "Layer7 check passed",
        CheckStatus.Layer7PassedConditionally => "Layer7 check conditionally passed",
        CheckStatus.Layer7WrongStatus => "Layer7 wrong status",
        CheckStatus.ProcessFailed => "External check error",
        CheckStatus.ProcessTimedOut => "External check timeout",
        CheckStatus.ProcessPassed => "External check passed",
        CheckStatus.ErrorsObserved => "Health analyze",
        CheckStatus.Checked => "No status change",
        _ => "Initializing",
    };
}

using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>Judges a server by how clients' own requests fare there.</summary>
internal sealed class PassiveObserver(ServerHealth health, ObservedLayer layer) : IAttemptObserver
{
    public void OnAttempt(in AttemptReport report)
    {
        switch (report.Outcome)
        {
            case AttemptOutcome.ConnectFailed or AttemptOutcome.ConnectTimedOut:
                health.NoteAttempt(isGood: false, "L4 unsuccessful connection");
                break;
            case AttemptOutcome.Abandoned:
                break;
            default:
                if (layer == ObservedLayer.Responses)
                {
                    OnResponse(report);
                }
                else if (!report.WasReused)
                {
                    health.NoteAttempt(isGood: true, ""); // a new connection stood
                }

                break;
        }
    }

    private void OnResponse(in AttemptReport report)
    {
        switch (report.Outcome)
        {
            case AttemptOutcome.Responded when report.Exchange is null:
                break; // a tunnel: what goes through it is nobody's business
            case AttemptOutcome.Responded:
                health.NoteAttempt(report.Status is (>= 100 and < 500) or 501 or 505, "Wrong http response");
                break;
            case AttemptOutcome.InvalidResponse:
                health.NoteAttempt(isGood: false, "Invalid http response (headers)");
                break;
            case AttemptOutcome.TimedOut:
                health.NoteAttempt(isGood: false, "Read timeout (http)");
                break;
            case AttemptOutcome.Closed when !report.WasReused: // a server may close what is idle when it likes
                health.NoteAttempt(isGood: false, "Close from server (http)");
                break;
        }
    }
}

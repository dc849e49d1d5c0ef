using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Tells where the way of a request ends, and by which rule.</summary>
internal sealed class EndTeller(
    ProxyOptions options, FrontendOptions frontend, RuleContext context, RuleTrace trace, Explanation explanation)
{
    /// <summary>The rule that is to blame.</summary>
    private string By => trace.Current is { } rule ? $" by '{rule.Text}'{At(rule)}" : "";

    /// <summary>Where a rule stands, behind what is said of it.</summary>
    public static string At(ExplainedRule? rule) => rule?.Place is { } place ? $" at {place}" : "";

    /// <summary>A server would be asked now.</summary>
    /// <param name="way">How the request came to the backend.</param>
    /// <param name="server">Which server it is; null for one that the balancing chooses.</param>
    /// <param name="backend">The backend.</param>
    public void Forward(string way, string? server, BackendOptions backend)
    {
        End(ExplainedEnd.Forwarded, $"{way}, {server ?? $"a server by {Shown.Text(backend.Balance.Name)}"}");
        NoteResponses(backend);
    }

    /// <summary>A rule has decided.</summary>
    public void EndBy(RuleVerdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.SilentDrop:
                End(ExplainedEnd.Closed, $"the connection is forgotten{By}");
                break;
            case VerdictKind.Reject or VerdictKind.Close:
            case var _ when frontend.Mode == ProxyMode.Tcp:
                End(ExplainedEnd.Closed, $"the connection is closed{By}");
                break;
            case var _ when verdict.Service is { } service:
                End(ExplainedEnd.Answered, $"answered by service {service}{By}");
                NoteResponses(null);
                break;
            default:
                Answer(verdict, verdict.Status, $"{(verdict.Kind == VerdictKind.Tarpit ? " after timeout tarpit" : "")}{By}");
                break;
        }
    }

    /// <summary>A rule has turned the connection away.</summary>
    public void Close() => End(ExplainedEnd.Closed, $"the connection is closed{By}");

    /// <summary>A user's code has thrown, before there was a request.</summary>
    public void CloseForFailure() => End(ExplainedEnd.Closed, $"the connection is closed: a rule has failed{By}");

    /// <summary>A user's code has thrown.</summary>
    public void Fail() => Refuse(500, $": a rule has failed{By}");

    /// <summary>The proxy itself refuses the request.</summary>
    /// <param name="status">The status.</param>
    /// <param name="why">Why, to stand behind what becomes of it.</param>
    public void Refuse(int status, string why)
    {
        if (frontend.Mode == ProxyMode.Tcp)
        {
            End(ExplainedEnd.Closed, $"the connection is closed{why}");
        }
        else
        {
            Answer(null, status, why);
        }
    }

    /// <summary>Tells what there is to know besides.</summary>
    public void Conclude()
    {
        explanation.IsCertain = !trace.IsUncertain;
        if (trace.IsUncertain)
        {
            explanation.Noted.Add("not all could be decided: what follows an undecided rule is told as if that had not fired");
        }

        if (trace.States.Count > 0)
        {
            explanation.Noted.Add($"as in a process that has just begun: {string.Join(", ", trace.States)}");
        }
    }

    private void Answer(RuleVerdict? verdict, int status, string why)
    {
        End(ExplainedEnd.Answered, $"answered {status}{why}");
        explanation.Reply = ExplainedReplies.Of(context, verdict, status);
        NoteResponses(null);
    }

    private void End(ExplainedEnd end, string outcome) => (explanation.End, explanation.Outcome) = (end, outcome);

    /// <param name="backend">The backend whose server would respond; null where the proxy itself does.</param>
    private void NoteResponses(BackendOptions? backend)
    {
        var onServers = backend is null ? 0 : frontend.Rules.Response.Count + backend.Rules.Response.Count + backend.Rules.ResponseContent.Count;
        var onAll = frontend.Rules.AfterResponse.Count
            + (options.Backends.FirstOrDefault(b => b.Name == context.Backend?.Name)?.Rules.AfterResponse.Count ?? 0);
        if (onServers + onAll > 0)
        {
            explanation.Noted.Add($"rules about the response are not asked, since there is none: {onServers + onAll}");
        }
    }
}

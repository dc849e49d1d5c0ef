using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Rules.Actions;

/// <summary>Gives the response another status. Where a connection becomes a tunnel by it the status stays, and no other becomes one that makes a
/// tunnel.</summary>
internal sealed class SetStatusAction(int status, string? reason) : RuleAction
{
    private readonly byte[] _reason = reason is null ? ReasonPhrases.For(status).ToArray() : Encoding.UTF8.GetBytes(reason);

    internal override RulePhases Phases => RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => reason is null ? $"set-status {status}" : $"set-status {status} reason {RuleWords.Text(reason)}";

    internal override CompiledAction Compile(RuleCompiler compiler) => new(context =>
    {
        if (context.Response is { } response && !Tunnels(context, response.Status) && !Tunnels(context, status))
        {
            response.RewriteStatus(status, _reason);
        }

        return RuleOutcome.Next;
    });

    private static bool Tunnels(RuleContext context, int status) =>
        status == 101 || (status is >= 200 and < 300 && context.Request is { Method: RequestMethod.Connect });
}

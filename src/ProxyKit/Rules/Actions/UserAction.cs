using ProxyKit.Http;

namespace ProxyKit.Rules.Actions;

/// <summary>A user's code that may wait, and may answer.</summary>
internal sealed class UserAction(string name, Func<HttpExchange, CancellationToken, ValueTask<Reply?>> code, VerdictKind kind) : RuleAction
{
    private readonly CompiledAction _compiled = new(static _ => RuleOutcome.Wait, async (context, host) =>
    {
        var exchange = context.Exchange!; // these lists are about exchanges
        var reply = await code(exchange, host.GivenUp).ConfigureAwait(false);
        return Answer(context, reply, kind);
    });

    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response;

    public override string ToString() => name;

    internal override CompiledAction Compile(RuleCompiler compiler) => _compiled;

    /// <summary>Ends the exchange with a reply, where there is one.</summary>
    internal static RuleOutcome Answer(RuleContext context, Reply? reply, VerdictKind kind)
    {
        if (reply is null)
        {
            return RuleOutcome.Next;
        }

        context.Verdict = new RuleVerdict(kind, reply.Status, reply.Fixed());
        return RuleOutcome.Final;
    }
}

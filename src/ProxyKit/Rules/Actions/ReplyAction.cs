using ProxyKit.Rules.Replies;

namespace ProxyKit.Rules.Actions;

/// <summary>Answers instead of a server: with a reply of its own, or with the error page of a status.</summary>
/// <param name="kind">Reply, Deny or Tarpit.</param>
/// <param name="status">The status; null for what is usual in the list that the rule stands in.</param>
/// <param name="reply">The reply; null for the error page.</param>
internal sealed class ReplyAction(VerdictKind kind, int? status, Reply? reply) : RuleAction
{
    internal override RulePhases Phases => kind == VerdictKind.Tarpit ? RulePhases.Request : RulePhases.Request | RulePhases.Response;

    internal override bool IsFinal => true;

    public override string ToString()
    {
        var word = kind switch
        {
            VerdictKind.Reply => "return",
            VerdictKind.Deny => "deny",
            _ => "tarpit",
        };
        return reply is not null ? $"{word} {reply}" : status is { } code ? $"{word} deny_status {code}" : word;
    }

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var usual = kind == VerdictKind.Tarpit ? 500 : compiler.Phase == RulePhases.Response ? 502 : 403;
        var verdict = new RuleVerdict(kind, reply?.Status ?? status ?? usual, reply?.Compile(compiler));
        return new(context =>
        {
            context.Verdict = verdict;
            return RuleOutcome.Final;
        });
    }
}

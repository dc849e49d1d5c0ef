using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Rules.Actions;

/// <summary>Sends the client elsewhere.</summary>
internal sealed class RedirectAction(RedirectOptions options) : RuleAction
{
    // What leads to the request's own host or path makes no sense of a response.
    internal override RulePhases Phases =>
        options.Kind == RedirectKind.Location ? RulePhases.Request | RulePhases.Response : RulePhases.Request;

    internal override bool IsFinal => !options.IgnoreEmpty;

    public override string ToString() => $"redirect {options}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var cookie = options.ClearCookie is { } cleared
            ? new LiteralExpression(cleared.EndsWith('=') ? cleared : cleared + "=")
            : options.Cookie;
        var reply = new RedirectReply(options, options.Destination.Compile(compiler), cookie?.Compile(compiler));
        var verdict = new RuleVerdict(VerdictKind.Reply, options.Status, reply);
        var skipsEmpty = options is { IgnoreEmpty: true, Kind: RedirectKind.Location };
        return new(context =>
        {
            if (skipsEmpty && !reply.HasDestination(context))
            {
                return RuleOutcome.Next;
            }

            context.Verdict = context.IsInResponse ? Written(context, reply) : verdict;
            return RuleOutcome.Final;
        });
    }

    /// <summary>The response that it is made from will be gone when the reply is sent.</summary>
    private static RuleVerdict Written(RuleContext context, RedirectReply reply)
    {
        var writer = new ReplyWriter();
        reply.Write(context, writer);
        return writer.HasFailed
            ? new RuleVerdict(VerdictKind.Failure, 500)
            : new RuleVerdict(VerdictKind.Reply, reply.Status, new RawReply(reply.Status, writer.Written));
    }
}

using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.Actions;

/// <summary>Replaces the whole of a part of the request's target where a regular expression is found in it.</summary>
internal sealed class ReplaceTargetAction(TargetPart part, RegexReplacement regex, Expression value) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => part switch
    {
        TargetPart.Path => $"replace-path {RuleWords.Text(regex.ToString())} {RuleWords.Format(value)}",
        TargetPart.PathAndQuery => $"replace-pathq {RuleWords.Text(regex.ToString())} {RuleWords.Format(value)}",
        _ => $"replace-uri {RuleWords.Text(regex.ToString())} {RuleWords.Format(value)}",
    };

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        return new(context =>
        {
            if (context.Request is not { } request || (part != TargetPart.Whole && !TargetParts.HasPath(request)))
            {
                return RuleOutcome.Next;
            }

            var old = Part(request);
            if (!regex.Matches(old))
            {
                return RuleOutcome.Next;
            }

            return RewriteFailure.UnlessDone(
                context,
                regex.TryExpand(context, old, text.Text(context), out var replaced)
                    && SetTargetAction.TrySet(context, request, part, HeaderText.EscapeTarget(context, replaced)));
        });
    }

    private ReadOnlySpan<byte> Part(RequestHead request) => part switch
    {
        TargetPart.Path => TargetParts.Path(request),
        TargetPart.PathAndQuery => TargetParts.PathAndQuery(request),
        _ => request.TargetBytes,
    };
}

using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Puts another text in the place of a part of the request's target.</summary>
internal sealed class SetTargetAction(TargetPart part, Expression value) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => part switch
    {
        TargetPart.Path => $"set-path {RuleWords.Format(value)}",
        TargetPart.PathAndQuery => $"set-pathq {RuleWords.Format(value)}",
        TargetPart.Query => $"set-query {RuleWords.Format(value)}",
        _ => $"set-uri {RuleWords.Format(value)}",
    };

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        return new(context => context.Request is { } request
            ? RewriteFailure.UnlessDone(context, TrySet(context, request, part, HeaderText.EscapeTarget(context, text.Text(context))))
            : RuleOutcome.Next);
    }

    internal static bool TrySet(RuleContext context, Http.RequestHead request, TargetPart part, ReadOnlySpan<byte> value) => part switch
    {
        TargetPart.Path => TargetEdits.TrySetPath(context, request, value),
        TargetPart.PathAndQuery => TargetEdits.TrySetPathAndQuery(context, request, value),
        TargetPart.Query => TargetEdits.TrySetQuery(context, request, value),
        _ => TargetEdits.TrySetTarget(context, request, value),
    };
}

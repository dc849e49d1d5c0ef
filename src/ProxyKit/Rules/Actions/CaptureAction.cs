using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Keeps a text for the log, in a slot of its own or in a declared one. Without a text the slot keeps what it has.</summary>
internal sealed class CaptureAction(Expression value, int? length, int slot) : RuleAction
{
    internal override RulePhases Phases => length is null
        ? RulePhases.Content | RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse
        : RulePhases.Content | RulePhases.Request;

    public override string ToString() => length is { } bytes ? $"capture {RuleWords.Value(value)} len {bytes}" : $"capture {RuleWords.Value(value)} id {slot}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var expression = value.Compile(compiler);
        var ofResponse = compiler.Phase is RulePhases.Response or RulePhases.AfterResponse;
        var frontend = compiler.Frontend;
        if (length is { } bytes)
        {
            if (frontend is null)
            {
                throw new RuleFaultException("a capture with a length is for frontends: their logs have it");
            }

            var own = frontend.Captures.AddRequestSlot(bytes);
            return new(context => Keep(context, expression, own, bytes, ofResponse: false));
        }

        if (frontend is not null)
        {
            return LengthOf(frontend, ofResponse) is { } kept
                ? new(context => Keep(context, expression, slot, kept, ofResponse))
                : throw new RuleFaultException(
                    $"unable to find capture id '{slot}' referenced by http-{(ofResponse ? "response" : "request")} capture rule");
        }

        // Which frontend's slots are meant is known only where a request has come in at one.
        return new(context =>
        {
            var kept = context.Frontend is { } facts ? LengthOf(facts, ofResponse) : null;
            return kept is { } most ? Keep(context, expression, slot, most, ofResponse) : RuleOutcome.Next;
        });
    }

    private int? LengthOf(FrontendFacts frontend, bool ofResponse) =>
        ofResponse ? frontend.Captures.ResponseLength(slot) : frontend.Captures.RequestLength(slot);

    private static RuleOutcome Keep(RuleContext context, CompiledExpression expression, int slot, int length, bool ofResponse)
    {
        var sample = default(Sample);
        if (expression.TryEvaluate(context, SampleType.String, ref sample))
        {
            (ofResponse ? context.ResponseCaptures : context.RequestCaptures).Set(slot, sample.Bytes, length);
        }

        return RuleOutcome.Next;
    }
}

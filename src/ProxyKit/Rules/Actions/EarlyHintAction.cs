using ProxyKit.Http;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Tells the client a header field ahead of the response. Rules that stand together, the later ones without conditions, make one
/// 103.</summary>
internal sealed class EarlyHintAction(FieldName name, Expression value) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => $"early-hint {name} {RuleWords.Format(value)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        var goesOn = compiler.IsFollowedByHint;
        return new(
            context =>
            {
                if (context.Request is not { Protocol: not HttpProtocol.Http10 })
                {
                    return RuleOutcome.Next; // RFC 9110 §15.2: it would be taken for the response
                }

                var writer = context.EarlyHints ??= new ReplyWriter();
                if (writer.Written.IsEmpty)
                {
                    writer.Begin(103, "Early Hints"u8);
                }

                writer.Field(name.Bytes, HeaderText.Escape(context, text.Text(context)));
                if (writer.HasFailed)
                {
                    writer.Reset();
                    return RewriteFailure.UnlessDone(context, isDone: false);
                }

                if (goesOn)
                {
                    return RuleOutcome.Next;
                }

                writer.Raw("\r\n"u8);
                return RuleOutcome.Wait;
            },
            static async (context, host) =>
            {
                var writer = context.EarlyHints!; // the rule has just written to it
                await host.SendInformationalAsync(writer.Written).ConfigureAwait(false);
                writer.Reset();
                return RuleOutcome.Next;
            });
    }
}

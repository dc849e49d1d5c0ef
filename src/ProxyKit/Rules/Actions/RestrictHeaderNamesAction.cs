using System.Buffers;

namespace ProxyKit.Rules.Actions;

/// <summary>Removes header fields with unusual names, or refuses the request. HAProxy: <c>option http-restrict-req-hdr-names</c>.</summary>
/// <param name="refuses">Whether the request is refused.</param>
internal sealed class RestrictHeaderNamesAction(bool refuses) : RuleAction
{
    private static readonly SearchValues<byte> Usual = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly RuleVerdict Refused = new(VerdictKind.Deny, 403);

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => $"option http-restrict-req-hdr-names {(refuses ? "reject" : "delete")}";

    internal override CompiledAction Compile(RuleCompiler compiler) => new(context =>
    {
        var headers = context.Request!.Headers; // in this list there is one
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (headers.IsRemovedAt(i) || !headers.NameAt(i).ContainsAnyExcept(Usual))
            {
                continue;
            }

            if (refuses)
            {
                context.Verdict = Refused;
                return RuleOutcome.Final;
            }

            headers.RemoveAt(i);
        }

        return RuleOutcome.Next;
    });
}

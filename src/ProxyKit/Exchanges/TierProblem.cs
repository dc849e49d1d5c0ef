using System.Buffers;
using System.Text.Json;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.Tiers;

namespace ProxyKit.Exchanges;

/// <summary>What a client gets that its tier turns away: a problem of RFC 9457, which names the window that is full.</summary>
internal sealed class TierProblem(int status, string title, string detail) : LocalReply
{
    private static readonly RuleVerdict Refused = Verdict(429, "Request cannot be satisfied as assigned quota has been exceeded", "");
    private static readonly RuleVerdict NoKey = Verdict(403, "Forbidden", "The request does not say whose it is.");
    private static readonly RuleVerdict UnknownTier = Verdict(403, "Forbidden", "The client has no plan that is known here.");
    private static readonly RuleVerdict NoRoom = Verdict(503, "Service Unavailable", "There are as many clients as can be counted at the moment.");
    private static readonly RuleVerdict Unavailable = Verdict(503, "Service Unavailable", "The client's plan cannot be looked up at the moment.");

    public override int Status => status;

    /// <summary>The verdict of an outcome.</summary>
    public static RuleVerdict For(TierOutcome outcome) => outcome switch
    {
        TierOutcome.Refused => Refused,
        TierOutcome.NoKey => NoKey,
        TierOutcome.UnknownTier => UnknownTier,
        TierOutcome.NoRoom => NoRoom,
        _ => Unavailable,
    };

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        var admission = context.Admission;
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (admission is { Outcome: TierOutcome.Refused, RefusedBy: { } window, Plan: { } plan })
            {
                WriteRefusal(json, admission, window, plan);
            }
            else
            {
                json.WriteString("title"u8, title);
                json.WriteNumber("status"u8, status);
                json.WriteString("detail"u8, detail);
            }

            json.WriteEndObject();
        }

        writer.Begin(status, ReasonPhrases.For(status));
        writer.Field("cache-control"u8, "no-store"u8);
        writer.End("application/problem+json"u8, bytes.WrittenSpan);
    }

    private void WriteRefusal(Utf8JsonWriter json, Admission admission, Window window, TierPlan plan)
    {
        json.WriteString("type"u8, "https://iana.org/assignments/http-problem-types#quota-exceeded"u8);
        json.WriteString("title"u8, title);
        json.WriteNumber("status"u8, status);
        json.WriteString("detail"u8, $"The limit {window.Name} of the plan {plan.Name} is reached.");
        json.WriteString("window"u8, window.Name);
        if (window.Limit is { } limit)
        {
            json.WriteNumber("limit"u8, limit);
        }

        if (admission.RetryIn < long.MaxValue)
        {
            json.WriteNumber("retry-after"u8, Math.Max(1, RateLimitFields.Seconds(admission.RetryIn)));
        }

        json.WriteStartArray("violated-policies"u8);
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            if ((admission.RefusedMask & (1u << i)) != 0)
            {
                json.WriteStringValue(plan.Windows[i].Name);
            }
        }

        json.WriteEndArray();
    }

    private static RuleVerdict Verdict(int status, string title, string detail) =>
        new(VerdictKind.Deny, status, new TierProblem(status, title, detail));
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.Tiers;

namespace ProxyKit.Exchanges;

/// <summary>Tells a client what it has used, and what is left.</summary>
internal sealed class UsageReply(TierGroup group) : LocalReply
{
    public override int Status => 200;

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        var admission = context.Admission;
        var plan = admission.Plan!; // who has none is told so instead
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("client"u8, Encoding.UTF8.GetString(admission.Key.Span));
            json.WriteString("tier"u8, plan.Name);
            json.WriteStartArray("limits"u8);
            foreach (var limit in group.Read(admission.Key.Span, plan))
            {
                Write(json, limit);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.Begin(200, ReasonPhrases.For(200));
        writer.Field("cache-control"u8, "no-store"u8);
        writer.End("application/json"u8, bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, TierLimitState limit)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, limit.Name);
        if (limit.Limit is { } most)
        {
            json.WriteNumber("limit"u8, most);
        }

        json.WriteNumber("used"u8, limit.Used);
        if (limit.Remaining is { } remaining)
        {
            json.WriteNumber("remaining"u8, remaining);
        }

        if (limit.ResetsAt is { } resetsAt)
        {
            json.WriteString("resetsAt"u8, resetsAt);
        }

        json.WriteEndObject();
    }
}

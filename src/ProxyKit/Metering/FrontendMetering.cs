using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Metering;

/// <summary>How a frontend of the running configuration writes down what its clients use.</summary>
internal sealed class FrontendMetering(
    UsageRecorder recorder, Durability durability, CompiledExpression? client, CompiledExpression? tier, CompiledExpression? route, FrontendMeter[] meters)
{
    /// <summary>Where it goes.</summary>
    public UsageRecorder Recorder { get; } = recorder;

    /// <summary>Whether the client's answer waits for its event.</summary>
    public bool HoldsAnswers { get; } = durability == Durability.BeforeResponse;

    /// <summary>How many bytes an event takes at most.</summary>
    public int RecordBytes { get; } = UsageRecord.HeadBytes + (5 * (1 + UsageText.MaxBytes)) + 1 + meters.Sum(static m => 1 + m.Name.Length + 8);

    /// <summary>Writes down who it is and how much; the rest is for the end.</summary>
    /// <param name="ticket">Takes it.</param>
    /// <param name="context">What is asked; null where there is no request to ask about.</param>
    /// <param name="frontend">The frontend's name.</param>
    /// <param name="backend">The backend's.</param>
    /// <param name="isAnswered">Whether a server has answered, so that all meters count.</param>
    public void Measure(UsageTicket ticket, RuleContext? context, string frontend, string? backend, bool isAnswered)
    {
        var writer = new UsageRecordWriter(ticket.Room);
        Write(ref writer, client, context);
        Write(ref writer, tier, context);
        writer.Text(frontend);
        writer.Text(backend ?? "");
        writer.BeginMeters();
        if (isAnswered && context is not null)
        {
            foreach (var meter in meters)
            {
                writer.Meter(meter.Name, meter.Quantity(context));
            }
        }

        if (route is null)
        {
            writer.Text(context is null ? default : context.PolicyRow.Span);
        }
        else
        {
            Write(ref writer, route, context);
        }

        ticket.Length = writer.Length;
    }

    private static void Write(ref UsageRecordWriter writer, CompiledExpression? expression, RuleContext? context)
    {
        if (context is null)
        {
            writer.Text(default(ReadOnlySpan<byte>));
            return;
        }

        var sample = default(Sample);
        var isInResponse = context.IsInResponse;
        context.IsInResponse = false; // fields are those of the request
        var hasValue = expression is not null && expression.TryEvaluate(context, SampleType.String, ref sample);
        context.IsInResponse = isInResponse;
        writer.Text(hasValue ? sample.Bytes : default);
    }
}

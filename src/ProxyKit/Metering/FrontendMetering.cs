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
    /// <returns>What a user's code has thrown that was asked for the route, which is empty then: who it is and how much is known all the same.</returns>
    public Exception? Measure(UsageTicket ticket, RuleContext? context, string frontend, string? backend, bool isAnswered)
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

        var failure = WriteRoute(ref writer, context);
        ticket.Length = writer.Length;
        return failure;
    }

    /// <summary>Writes what the expression says, else the row of the policy.</summary>
    private Exception? WriteRoute(ref UsageRecordWriter writer, RuleContext? context)
    {
        var sample = default(Sample);
        try
        {
            if (TryAsk(route, context, ref sample))
            {
                writer.Text(sample.Bytes);
                return null;
            }
        }
        catch (Exception e) // a user's code
        {
            writer.Kept([]);
            return e;
        }

        writer.Kept(context?.PolicyRow is { } row ? row.Kept ??= UsageText.Kept(row.Text) : default);
        return null;
    }

    private static void Write(ref UsageRecordWriter writer, CompiledExpression? expression, RuleContext? context)
    {
        var sample = default(Sample);
        writer.Text(TryAsk(expression, context, ref sample) ? sample.Bytes : default);
    }

    private static bool TryAsk(CompiledExpression? expression, RuleContext? context, ref Sample sample)
    {
        if (expression is null || context is null)
        {
            return false;
        }

        var isInResponse = context.IsInResponse;
        context.IsInResponse = false; // fields are those of the request
        try
        {
            return expression.TryEvaluate(context, SampleType.String, ref sample);
        }
        finally
        {
            context.IsInResponse = isInResponse; // whoever logs that it threw may ask for fields of the response
        }
    }
}

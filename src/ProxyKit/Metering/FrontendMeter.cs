using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Metering;

/// <summary>A meter of one's own.</summary>
internal sealed class FrontendMeter(string name, CompiledExpression? quantity, bool asksRequest, Func<HttpExchange, long>? measure)
{
    /// <summary>Its name, as events have it.</summary>
    public byte[] Name { get; } = Encoding.ASCII.GetBytes(name);

    /// <summary>How much a request counts for.</summary>
    public long Quantity(RuleContext context)
    {
        if (quantity is null)
        {
            return Clamp(measure!(context.Exchange!)); // one of the two is there, and a request
        }

        var sample = default(Sample);
        var isInResponse = context.IsInResponse;
        context.IsInResponse = !asksRequest && isInResponse;
        var hasValue = quantity.TryEvaluate(context, SampleType.Integer, ref sample);
        context.IsInResponse = isInResponse;
        return hasValue ? Clamp(sample.Integer) : 0;
    }

    /// <summary>What a client may have a say in must not be more than can be summed up.</summary>
    private static long Clamp(long quantity) => Math.Clamp(quantity, 0, UsageRecord.MostOfMeter);
}

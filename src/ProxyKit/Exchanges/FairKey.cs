using ProxyKit.Queueing;
using ProxyKit.Rules;
using ProxyKit.Rules.Converters.Hashes;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>Tells whose a request is where keys take turns in a queue, and how many of its requests go at each turn.</summary>
internal sealed class FairKey(CompiledExpression key, CompiledExpression? weight)
{
    private const int MostWeight = 1000;

    /// <summary>Clients choose keys: without it they could choose those that fall together with another one's.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    public WaitTicket AddTo(WaitTicket ticket, RuleContext context)
    {
        var sample = default(Sample);
        var hash = key.TryEvaluate(context, SampleType.Binary, ref sample) ? XxHash3.Of(sample.Bytes, Seed) : 0;
        var share = 1L;
        var number = default(Sample);
        if (weight is not null && weight.TryEvaluate(context, SampleType.Integer, ref number))
        {
            share = Math.Clamp(number.Integer, 1, MostWeight);
        }

        return ticket with { Key = Math.Max(hash, 1), Weight = (int)share };
    }
}

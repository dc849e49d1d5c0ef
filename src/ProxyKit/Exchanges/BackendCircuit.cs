using System.Text;
using ProxyKit.CircuitBreakers;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>The circuits that stand before a backend, or those of its servers: what a request gets while they are open.</summary>
internal sealed class BackendCircuit
{
    private const int LongestKey = 1024;

    /// <summary>The circuit of all requests.</summary>
    public CircuitBreaker? Single { get; init; }

    /// <summary>The circuits of keys.</summary>
    public KeyedCircuits? Keyed { get; init; }

    /// <summary>The circuits of servers.</summary>
    public CircuitBreaker[] Servers { get; init; } = [];

    /// <summary>What tells requests apart.</summary>
    public CompiledExpression? Key { get; init; }

    /// <summary>What a request gets while the circuit is open.</summary>
    public RuleList? WhenOpen { get; init; }

    /// <summary>The backend that serves it meanwhile; set once all backends are there.</summary>
    public BackendPolicy? Fallback { get; set; }

    /// <summary>The circuit that decides about a request; null for one that needs none.</summary>
    public CircuitBreaker? For(RuleContext context)
    {
        if (Keyed is null)
        {
            return Single;
        }

        var sample = default(Sample);
        context.ResetScratch();
        if (!Key!.TryEvaluate(context, SampleType.String, ref sample)) // keyed, so there is one
        {
            return null;
        }

        Span<char> key = stackalloc char[LongestKey];
        var bytes = sample.Bytes.Length > LongestKey ? sample.Bytes[..LongestKey] : sample.Bytes;
        return Keyed.For(key[..Encoding.Latin1.GetChars(bytes, key)]);
    }
}

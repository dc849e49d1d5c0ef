using System.Security.Cryptography;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>What parts connections to a server into pools: those for one name serve requests that give that name. HAProxy: <c>pool-conn-name</c>.</summary>
internal sealed class PoolName(CompiledExpression value)
{
    /// <summary>The most that a name takes.</summary>
    public const int Longest = RequestedName.Longest;

    /// <summary>Writes the name; of a long one what it comes to by SHA-256, which stands for it as well.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Where to; <see cref="Longest"/> bytes.</param>
    /// <returns>Its length; 0 where there is none.</returns>
    public int Write(RuleContext context, Span<byte> name)
    {
        var sample = default(Sample);
        if (!value.TryEvaluate(context, SampleType.String, ref sample))
        {
            return 0;
        }

        if (sample.Bytes.Length > Longest)
        {
            return SHA256.HashData(sample.Bytes, name);
        }

        sample.Bytes.CopyTo(name);
        return sample.Bytes.Length;
    }
}

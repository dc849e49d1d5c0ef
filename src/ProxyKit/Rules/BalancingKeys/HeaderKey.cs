using ProxyKit.Balancing;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>The first value of a header field. HAProxy: <c>hdr(name)</c>.</summary>
/// <param name="name">The field.</param>
/// <param name="isDomainOnly">Whether only the label before the last dot counts: <c>shop</c> of <c>www.shop.example</c>.</param>
internal sealed class HeaderKey(string name, bool isDomainOnly) : IBalancingKey
{
    private readonly byte[] _name = System.Text.Encoding.UTF8.GetBytes(name);

    public bool TryHash(in BalancingContext context, KeyHash hash, out uint value)
    {
        value = 0;
        if (context.Rules.Request is not { } request)
        {
            return false;
        }

        var values = new HeaderValues(request.Headers, _name, isWhole: false);
        if (!values.MoveNext() || values.Current.IsEmpty)
        {
            return false;
        }

        value = hash.Of(isDomainOnly ? DomainOf(values.Current) : values.Current);
        return true;
    }

    private static ReadOnlySpan<byte> DomainOf(ReadOnlySpan<byte> host)
    {
        // As HAProxy looks for it, from the end: neither a dot at the very beginning ends the label nor one right before the last begins it.
        var last = host.LastIndexOf((byte)'.');
        return last <= 0 ? host : host[(host[..(last - 1)].LastIndexOf((byte)'.') + 1)..last];
    }
}

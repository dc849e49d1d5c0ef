using ProxyKit.Balancing;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>The target of the request, or a part of it. HAProxy: <c>uri</c>.</summary>
/// <param name="isWhole">Whether the query is part of it.</param>
/// <param name="isPathOnly">Whether it begins with the path, also where the request names its host in front of it.</param>
/// <param name="length">The most bytes that count; null for all.</param>
/// <param name="depth">The directories that count: it ends before the slash behind that many; null for all.</param>
internal sealed class UriKey(bool isWhole, bool isPathOnly, int? length, int? depth) : IBalancingKey
{
    public bool TryHash(in BalancingContext context, KeyHash hash, out uint value)
    {
        value = 0;
        if (context.Rules.Request is not { } request)
        {
            return false;
        }

        var text = isPathOnly ? TargetParts.PathAndQuery(request) : request.TargetBytes;
        if (length < text.Length)
        {
            text = text[..length.Value];
        }

        value = hash.Of(text[..EndOf(text)]);
        return true;
    }

    private int EndOf(ReadOnlySpan<byte> text)
    {
        if (depth is null)
        {
            var query = isWhole ? -1 : text.IndexOf((byte)'?');
            return query < 0 ? text.Length : query;
        }

        var slashes = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '/' ? ++slashes > depth : text[i] == '?' && !isWhole)
            {
                return i;
            }
        }

        return text.Length;
    }
}

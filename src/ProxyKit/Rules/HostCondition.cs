using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds for requests to one of some hosts; costs the same for one and for a thousand.</summary>
internal sealed class HostCondition : ExchangeCondition
{
    private readonly HostPattern[] _patterns;
    private readonly ByteTrie _trie;
    private readonly byte[]? _onlyName; // where there is one and no wildcard, which is the usual case and needs no trie

    public HostCondition(HostPattern[] patterns)
    {
        _patterns = patterns;
        var builder = new ByteTrieBuilder(readsBackwards: true, ignoresCase: true);
        foreach (var pattern in patterns)
        {
            builder.Add(pattern, 0);
        }

        _trie = builder.Build([]);
        _onlyName = patterns is [{ IsWildcard: false } only] ? only.Bytes : null;
    }

    public override bool Holds(HttpExchange exchange)
    {
        var name = HostPattern.NameIn(exchange.Request.HostBytes);
        return _onlyName is null ? !_trie.Find(name).IsEmpty : Ascii.EqualsIgnoreCase(name, _onlyName);
    }

    public override IEnumerable<string> Subject(HttpExchange exchange) => [exchange.Request.Host];

    public override string ToString() => "host is " + OneOf.Text([.. _patterns.Select(pattern => pattern.Text)]);

    internal override IReadOnlyList<RouteKey> Keys() => [.. _patterns.Select(pattern => new RouteKey(pattern, null))];
}

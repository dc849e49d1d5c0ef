using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a server's line says about the PROXY protocol.</summary>
internal sealed class ServerProxySettings
{
    /// <summary>HAProxy: <c>send-proxy</c>.</summary>
    public bool SendsText { get; set; }

    /// <summary>HAProxy: <c>send-proxy-v2</c>, which goes before the other.</summary>
    public bool SendsBinary { get; set; }

    /// <summary>HAProxy: <c>proxy-v2-options</c>.</summary>
    public ProxyProtocolFacts Facts { get; set; }

    /// <summary>HAProxy: <c>set-proxy-v2-tlv-fmt</c>.</summary>
    public SortedDictionary<int, Expression> Fields { get; private set; } = [];

    public ServerProxySettings Copy()
    {
        var copy = (ServerProxySettings)MemberwiseClone();
        copy.Fields = new(Fields);
        return copy;
    }
}

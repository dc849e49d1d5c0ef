namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>How the bytes are written that a check sends.</summary>
internal enum CheckData
{
    Text,
    Format,
    Hex,
    HexFormat,
}

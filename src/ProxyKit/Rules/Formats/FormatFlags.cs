namespace ProxyKit.Rules.Formats;

/// <summary>How an item of a format is written: what stands between the braces of <c>%{+Q,-X}</c>.</summary>
[Flags]
internal enum FormatFlags
{
    None = 0,

    /// <summary>Texts in quotes. <c>Q</c></summary>
    Quote = 1,

    /// <summary>Addresses, ports and a few numbers in hexadecimal. <c>X</c></summary>
    Hex = 2,

    /// <summary>A backslash before quotes, backslashes and closing brackets. <c>E</c></summary>
    Escape = 4,

    /// <summary>Values in JSON. <c>json</c></summary>
    Json = 8,

    /// <summary>Values in CBOR (RFC 8949). <c>cbor</c></summary>
    Cbor = 16,

    /// <summary>Binary values, and CBOR, as the bytes they are. <c>bin</c></summary>
    Binary = 32,

    /// <summary>Values that tell their type and their end, so that nothing else needs to be encoded.</summary>
    Encoded = Json | Cbor,
}

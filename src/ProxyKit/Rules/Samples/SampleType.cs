namespace ProxyKit.Rules.Samples;

/// <summary>What a <see cref="Sample"/> is. HAProxy: the sample types.</summary>
public enum SampleType
{
    /// <summary>Known only when it is there: variables, stick counters' keys. Declared only; no sample has it.</summary>
    Any,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>An IPv4 or an IPv6 address. Declared only; a sample is one of the two.</summary>
    Address,

    /// <summary>An IPv4 address.</summary>
    IPv4,

    /// <summary>An IPv6 address.</summary>
    IPv6,

    /// <summary>Text, as bytes.</summary>
    String,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>The method of a request, by its name.</summary>
    Method,
}

namespace ProxyKit.Identities;

/// <summary>What a value of JSON is.</summary>
internal enum JsonKind
{
    None,
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

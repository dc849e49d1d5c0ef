namespace ProxyKit.Rules.Formats;

/// <summary>What an encoded item is written as: the type behind the name of <c>%(name:type)</c>.</summary>
internal enum FormatCast
{
    /// <summary>What it is.</summary>
    None,

    /// <summary><c>str</c></summary>
    Text,

    /// <summary><c>sint</c></summary>
    Integer,

    /// <summary><c>bool</c></summary>
    Boolean,
}

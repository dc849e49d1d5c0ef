namespace ProxyKit.Rules;

/// <summary>What a condition says. The values are such that <c>&amp;</c> is and, and <c>|</c> is or.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Naming", "CA1028", Justification = "A byte keeps compiled patterns small.")]
internal enum Truth : byte
{
    /// <summary>It does not hold.</summary>
    False = 0,

    /// <summary>It cannot be said before more has arrived; where nothing will, it does not hold.</summary>
    Pending = 1,

    /// <summary>It holds.</summary>
    True = 3,
}

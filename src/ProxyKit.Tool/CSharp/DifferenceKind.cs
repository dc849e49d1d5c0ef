namespace ProxyKit.Tool.CSharp;

/// <summary>How a property is set.</summary>
internal enum DifferenceKind
{
    /// <summary>By an assignment.</summary>
    Assigned,

    /// <summary>By adding elements to the list that is there.</summary>
    Elements,

    /// <summary>By adding entries to the dictionary that is there.</summary>
    Entries,

    /// <summary>By setting properties of the object that is there.</summary>
    Members,
}

namespace ProxyKit.Rules.Variables;

/// <summary>What must hold for a variable to be set. HAProxy: the words behind its name.</summary>
internal enum VariableCondition
{
    /// <summary>There is a variable of the name: one with a value, or one of the process that the configuration names.</summary>
    IfExists,

    /// <summary>There is none.</summary>
    IfNotExists,

    /// <summary>The new value is an empty text.</summary>
    IfEmpty,

    /// <summary>It is not.</summary>
    IfNotEmpty,

    /// <summary>The variable has a value.</summary>
    IfSet,

    /// <summary>It has none.</summary>
    IfNotSet,

    /// <summary>Its value is greater than the new one. Holds where not both are integers.</summary>
    IfGt,

    /// <summary>Its value is less than the new one. Holds where not both are integers.</summary>
    IfLt,
}

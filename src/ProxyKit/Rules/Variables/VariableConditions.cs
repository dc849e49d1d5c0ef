namespace ProxyKit.Rules.Variables;

/// <summary>When a variable is written; all that are given have to hold. HAProxy: the conditions of <c>set-var</c>.</summary>
[Flags]
public enum VariableConditions
{
    /// <summary>Always.</summary>
    None = 0,

    /// <summary>The variable has a value, or is one of the process, which are there from the start. <c>ifexists</c></summary>
    IfExists = 1,

    /// <summary>The variable has no value. <c>ifnotexists</c></summary>
    IfNotExists = 2,

    /// <summary>The new value is an empty text; numbers and addresses are never empty. <c>ifempty</c></summary>
    IfEmpty = 4,

    /// <summary>The new value is no empty text. <c>ifnotempty</c></summary>
    IfNotEmpty = 8,

    /// <summary>The variable has a value. <c>ifset</c></summary>
    IfSet = 16,

    /// <summary>The variable has no value. <c>ifnotset</c></summary>
    IfNotSet = 32,

    /// <summary>The number that the variable has is greater than the new one; also where one of them is no number. <c>ifgt</c></summary>
    IfGreater = 64,

    /// <summary>The number that the variable has is less than the new one; also where one of them is no number. <c>iflt</c></summary>
    IfLess = 128,
}

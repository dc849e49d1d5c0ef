namespace ProxyKit.Tool.CommandLines;

/// <summary>What a command line asks for.</summary>
internal enum Purpose
{
    /// <summary>To run the configuration.</summary>
    Run,

    /// <summary>To say whether the configuration can be used. HAProxy: <c>-c</c>.</summary>
    Check,

    /// <summary>To print the configuration as C#.</summary>
    WriteCSharp,

    /// <summary>To say whether a condition holds. HAProxy: <c>-cc</c>.</summary>
    EvaluateCondition,

    /// <summary>To say where a request would go, and why.</summary>
    Explain,

    /// <summary>To say what clients have used, and what it costs.</summary>
    Usage,

    /// <summary>The version. HAProxy: <c>-v</c>.</summary>
    ShowVersion,

    /// <summary>The version, and what it was built with and runs on. HAProxy: <c>-vv</c>.</summary>
    ShowBuild,

    /// <summary>What may be written.</summary>
    ShowHelp,
}

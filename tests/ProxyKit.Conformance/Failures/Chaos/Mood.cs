namespace ProxyKit.Conformance.Failures.Chaos;

/// <summary>How a server does.</summary>
internal enum Mood
{
    /// <summary>It answers.</summary>
    Well,

    /// <summary>It was killed: nobody listens, and what was open is reset.</summary>
    Killed,

    /// <summary>It takes no new connections; those that are open go on.</summary>
    Refusing,

    /// <summary>It takes requests and never answers.</summary>
    Hung,

    /// <summary>It answers what is no HTTP.</summary>
    Garbage,

    /// <summary>It closes in the place of an answer.</summary>
    Silent,

    /// <summary>It closes in the midst of a head.</summary>
    HalfHead,

    /// <summary>It closes in the midst of a body, which no proxy can hide.</summary>
    HalfBody,

    /// <summary>It answers with one of the errors of servers.</summary>
    Failing,
}

namespace ProxyKit.Rules.Explaining;

/// <summary>Where a request's way ends, as far as rules decide it.</summary>
public enum ExplainedEnd
{
    /// <summary>It goes to a server of a backend.</summary>
    Forwarded,

    /// <summary>The proxy answers it: by a rule, or with an error.</summary>
    Answered,

    /// <summary>The client's connection is closed without an answer.</summary>
    Closed,
}

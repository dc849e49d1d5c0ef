namespace ProxyKit.Checks;

/// <summary>What clients' own requests tell about a server's health, between its checks. HAProxy: <c>observe</c>.</summary>
public sealed class ObservationOptions
{
    /// <summary>What is looked at. Failed connections by default.</summary>
    public ObservedLayer Layer { get; set; }

    /// <summary>How many errors in a row have a consequence; the count then starts anew. HAProxy: <c>error-limit</c>.</summary>
    /// <value>10 by default; 1 or more.</value>
    public int ErrorLimit { get; set; } = 10;

    /// <summary>The consequence. A failed check by default. HAProxy: <c>on-error</c>.</summary>
    public ErrorReaction Reaction { get; set; } = ErrorReaction.FailCheck;
}

/// <summary>What is looked at of clients' own requests.</summary>
public enum ObservedLayer
{
    /// <summary>Whether connections can be had. HAProxy: <c>layer4</c>.</summary>
    Connections,

    /// <summary>That, and whether there is a response in time, valid, and with a good status: 100 to 499, 501 or 505. HAProxy: <c>layer7</c>.</summary>
    Responses,
}

/// <summary>What too many errors in a row do. All of them have the next check follow after <see cref="ServerCheckOptions.FastInterval"/>.</summary>
public enum ErrorReaction
{
    /// <summary>Nothing else. HAProxy: <c>fastinter</c>.</summary>
    CheckSooner,

    /// <summary>They count as one failed check. HAProxy: <c>fail-check</c>.</summary>
    FailCheck,

    /// <summary>They count as so many failed checks that one more takes the server down. HAProxy: <c>sudden-death</c>.</summary>
    SuddenDeath,

    /// <summary>The server is down at once. HAProxy: <c>mark-down</c>.</summary>
    MarkDown,
}

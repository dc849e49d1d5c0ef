namespace ProxyKit.Queueing;

/// <summary>How a wait in a queue ended.</summary>
internal enum QueueOutcome
{
    /// <summary>With a slot on a server.</summary>
    Granted,

    /// <summary>The server it was for is gone: another is to be chosen.</summary>
    Released,

    /// <summary>No server of the backend is left.</summary>
    NoServer,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>Whoever waited gave up.</summary>
    GivenUp,
}

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

    /// <summary>The queue of the server that it was for is full.</summary>
    ServerFull,

    /// <summary>The backend's queues are full, or could not serve it in its time.</summary>
    Refused,

    /// <summary>It took too long, or would have.</summary>
    TimedOut,

    /// <summary>Whoever waited gave up.</summary>
    GivenUp,
}

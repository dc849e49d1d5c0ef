using System.Diagnostics.CodeAnalysis;
using ProxyKit.Http;

namespace ProxyKit.Backends;

/// <summary>How one attempt to have a server do a request went. Told once per attempt: when the head of its response is here, when a connection
/// stands (TCP mode), or when it has failed before that.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "A message; nobody compares two.")]
public readonly struct AttemptReport
{
    /// <summary>The server.</summary>
    public required Server Server { get; init; }

    /// <summary>The request; null in TCP mode.</summary>
    public HttpExchange? Exchange { get; init; }

    /// <summary>How it went.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The status of the response; 0 where there was none.</summary>
    public int Status { get; init; }

    /// <summary>Whether the connection had carried a request before.</summary>
    public bool WasReused { get; init; }

    /// <summary>The generation of the server's circuit in which the attempt was made.</summary>
    internal int Generation { get; init; }

    /// <summary>The time from when the server was chosen, and had a slot free, until the response's head, the connection or the failure.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>How an attempt went.</summary>
public enum AttemptOutcome
{
    /// <summary>The server responded, whatever the status says; in TCP mode it took the connection.</summary>
    Responded,

    /// <summary>It refused the connection, or the TLS handshake failed.</summary>
    ConnectFailed,

    /// <summary>No connection stood in time.</summary>
    ConnectTimedOut,

    /// <summary>It closed the connection, or broke it off, before its response.</summary>
    Closed,

    /// <summary>It did not respond in time.</summary>
    TimedOut,

    /// <summary>Its response could not be read.</summary>
    InvalidResponse,

    /// <summary>The attempt was given up before the server could be judged: the client left, or something of this machine was used up.</summary>
    Abandoned,
}

/// <summary>Is told how each attempt at a server went.</summary>
internal interface IAttemptObserver
{
    /// <summary>An attempt has gone one way or another. Many threads at once; must not block.</summary>
    void OnAttempt(in AttemptReport report);
}

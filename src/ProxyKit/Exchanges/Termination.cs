namespace ProxyKit.Exchanges;

/// <summary>Who or what ended an exchange or tunnel first: the first letter of HAProxy's termination state.</summary>
public enum TerminationCause
{
    /// <summary>Nobody: it came to its normal end. <c>-</c></summary>
    None,

    /// <summary>The proxy answered by itself, as configured. <c>L</c></summary>
    Local,

    /// <summary>The client aborted. <c>C</c></summary>
    ClientAbort,

    /// <summary>The client took too long. <c>c</c></summary>
    ClientTimeout,

    /// <summary>The server aborted or refused. <c>S</c></summary>
    ServerAbort,

    /// <summary>The server took too long. <c>s</c></summary>
    ServerTimeout,

    /// <summary>The proxy decided so: a denial, or an invalid message. <c>P</c></summary>
    Proxy,

    /// <summary>Something of this machine was used up: memory, sockets, ports. <c>R</c></summary>
    Resource,

    /// <summary>An error inside the proxy, or in a user's code. <c>I</c></summary>
    Internal,

    /// <summary>It was killed by an operator, or when the proxy stopped. <c>K</c></summary>
    Killed,

    /// <summary>Its server went down, which cuts what it works on. HAProxy: <c>on-marked-down shutdown-sessions</c>. <c>D</c></summary>
    ServerDown,

    /// <summary>It was at a backup server, and another server came up. HAProxy: <c>on-marked-up shutdown-backup-sessions</c>. <c>U</c></summary>
    BackupRelieved,
}

/// <summary>Where an exchange or tunnel was when it ended: the second letter of HAProxy's termination state.</summary>
public enum ExchangePhase
{
    /// <summary>It was complete. <c>-</c></summary>
    Complete,

    /// <summary>Waiting for a complete, valid request. <c>R</c></summary>
    Request,

    /// <summary>Waiting in a queue. <c>Q</c></summary>
    Queue,

    /// <summary>Connecting to the server. <c>C</c></summary>
    Connect,

    /// <summary>Waiting for the head of the response. <c>H</c></summary>
    Headers,

    /// <summary>Relaying data. <c>D</c></summary>
    Data,

    /// <summary>Sending the last data to the client, the server being done. <c>L</c></summary>
    Last,

    /// <summary>Held back as a punishment. <c>T</c></summary>
    Tarpit,
}

/// <summary>How and when an exchange or tunnel ended.</summary>
/// <param name="Cause">Who or what ended it.</param>
/// <param name="Phase">Where it was then.</param>
public readonly record struct Termination(TerminationCause Cause, ExchangePhase Phase)
{
    /// <summary>The normal end.</summary>
    public static Termination Normal => default;

    /// <summary>The status that a client gets where no response went out yet; 0 for none at all.</summary>
    public int Status => (Cause, Phase) switch
    {
        (TerminationCause.None, _) => 0,
        (TerminationCause.ClientAbort, ExchangePhase.Queue or ExchangePhase.Connect) => 0,
        (TerminationCause.ClientAbort, ExchangePhase.Tarpit) => 500,
        (TerminationCause.ClientAbort, _) => 400,
        (TerminationCause.ClientTimeout, ExchangePhase.Request) => 408,
        (TerminationCause.ClientTimeout, _) => 400,
        (TerminationCause.ServerAbort or TerminationCause.ServerTimeout, ExchangePhase.Connect or ExchangePhase.Queue) => 503,
        (TerminationCause.ServerDown or TerminationCause.BackupRelieved, ExchangePhase.Connect or ExchangePhase.Queue) => 503,
        (TerminationCause.ServerAbort or TerminationCause.ServerDown or TerminationCause.BackupRelieved, _) => 502,
        (TerminationCause.ServerTimeout, _) => 504,
        (TerminationCause.Resource, _) => 503,
        (TerminationCause.Killed, _) => 503,
        (TerminationCause.Internal, _) => 500,
        (TerminationCause.Proxy, ExchangePhase.Headers) => 502,
        (TerminationCause.Proxy, ExchangePhase.Request) => 400,
        (TerminationCause.Proxy, _) => 400,
        _ => 0,
    };

    /// <summary>The two letters of HAProxy's log.</summary>
    /// <returns>The letters.</returns>
    public override string ToString() => $"{CauseLetter}{PhaseLetter}";

    internal char CauseLetter => Cause switch
    {
        TerminationCause.Local => 'L',
        TerminationCause.ClientAbort => 'C',
        TerminationCause.ClientTimeout => 'c',
        TerminationCause.ServerAbort => 'S',
        TerminationCause.ServerTimeout => 's',
        TerminationCause.Proxy => 'P',
        TerminationCause.Resource => 'R',
        TerminationCause.Internal => 'I',
        TerminationCause.Killed => 'K',
        TerminationCause.ServerDown => 'D',
        TerminationCause.BackupRelieved => 'U',
        _ => '-',
    };

    internal char PhaseLetter => Phase switch
    {
        ExchangePhase.Request => 'R',
        ExchangePhase.Queue => 'Q',
        ExchangePhase.Connect => 'C',
        ExchangePhase.Headers => 'H',
        ExchangePhase.Data => 'D',
        ExchangePhase.Last => 'L',
        ExchangePhase.Tarpit => 'T',
        _ => '-',
    };
}

using System.Net;

namespace ProxyKit.Logging;

/// <summary>What there is to say about an exchange or a tunnel that has ended, in plain values: one record for the log, the counters and whoever
/// else is told. Lives as long as the call it is handed to.</summary>
internal readonly ref struct ExchangeRecord
{
    /// <summary>A record of which what is not required is as in an exchange that has none of it.</summary>
    public ExchangeRecord()
    {
    }

    /// <summary>Whether it is an HTTP exchange rather than a TCP tunnel.</summary>
    public required bool IsHttp { get; init; }

    /// <summary>When the client was accepted (TCP) or the request's first byte came (HTTP).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required EndPoint? Client { get; init; }

    public required string Frontend { get; init; }

    /// <summary>Whether the client came over TLS; shown by a tilde behind the frontend's name.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>The backend's name; the frontend's where none was chosen.</summary>
    public required string Backend { get; init; }

    /// <summary>The server's name; null where none was picked, shown as <c>&lt;NOSRV&gt;</c>.</summary>
    public required string? Server { get; init; }

    /// <summary>Milliseconds each: from the first byte to the end of the request's head (TR), in queues (Tw), to the connection (Tc), to the
    /// response's head (Tr), all of it from the first byte on (Ta), all of it from the accept on (Tt); -1 for a phase that was not completed.</summary>
    public required ExchangeTimers Timers { get; init; }

    /// <summary>The status sent to the client; 0 for none, -1 when the client left before a server was reached.</summary>
    public required int Status { get; init; }

    public required long BytesFromServer { get; init; }

    public required long BytesFromClient { get; init; }

    public long BytesToServer { get; init; }

    public long BytesToClient { get; init; }

    /// <summary>The two letters of the termination state.</summary>
    public required char Cause { get; init; }

    /// <inheritdoc cref="Cause"/>
    public required char Phase { get; init; }

    /// <summary>Connections of the process, of the frontend, of the backend and of the server at this moment, this one included.</summary>
    public required ConcurrencyCounts Concurrency { get; init; }

    public required int Retries { get; init; }

    /// <summary>Whether a retry went to another server; shown by a plus before the number of retries.</summary>
    public required bool Redispatched { get; init; }

    /// <summary>The request line; empty where none was received, shown as <c>&lt;BADREQ&gt;</c>.</summary>
    public required ReadOnlySpan<byte> RequestLine { get; init; }

    /// <summary>When the client was accepted; of a later request of its connection, when the one before it was done. The default value where
    /// that is <see cref="StartedAt"/>.</summary>
    public DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The letter for the cookie of the request that names a server; a dash without such cookies.</summary>
    public char RequestCookie { get; init; } = '-';

    /// <summary>The letter for what became of that cookie in the response.</summary>
    public char ResponseCookie { get; init; } = '-';

    /// <summary>Its places in the queues that it waited in.</summary>
    public QueuePositions Queues { get; init; }

    /// <summary>Where the connection to the server came from; null where there was none.</summary>
    public EndPoint? ServerSource { get; init; }

    /// <summary>Where it led to.</summary>
    public EndPoint? ServerAddress { get; init; }

    /// <summary>The number of the exchange, counted from the start of the process.</summary>
    public long Number { get; init; }

    /// <summary>How many lines the frontend has logged before this one.</summary>
    public long LogNumber { get; init; }

    /// <summary>Whether it is described before its end, so that times and bytes will still grow; shown by a plus before them.</summary>
    public bool IsEarly { get; init; }

    /// <summary>What the record was made for, in HAProxy's words: <c>txn_close</c>, <c>txn_request</c> and the like.</summary>
    public string Origin { get; init; } = "unspec";
}

/// <summary>The timers of an exchange, in milliseconds; -1 for what was not completed.</summary>
internal readonly record struct ExchangeTimers(long Request, long Queue, long Connect, long Response, long Active, long Total)
{
    /// <summary>From the accept to the end of the handshakes (Th); 0 for later requests of a connection.</summary>
    public long Handshake { get; init; }

    /// <summary>From there to the first byte (Ti).</summary>
    public long Idle { get; init; }
}

/// <summary>How many were served while an exchange waited, itself included, in the queue of its server and in that of its backend; 0 where it never
/// waited.</summary>
internal readonly record struct QueuePositions(int Server, int Backend);

/// <summary>How much was under way at once: connections, the client's own included; and requests, at the end without the one that is told of.</summary>
internal readonly record struct ConcurrencyCounts(int Process, int Frontend, int Backend, int Server);

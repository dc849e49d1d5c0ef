using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Rules;

/// <summary>The exchange or tunnel that rules are asked about, as far as actions and formats need its help.</summary>
internal interface IRuleHost
{
    /// <summary>When the request, or the connection in TCP mode, began.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>Is cancelled when the exchange is given up, for code of users that waits.</summary>
    CancellationToken GivenUp => CancellationToken.None;

    /// <summary>What is known by now, in the form in which it will be logged.</summary>
    ExchangeRecord Describe();

    /// <summary>Has the access log have a line of that, where it has lines of the exchange at all.</summary>
    /// <param name="origin">Where it was asked for, as <c>%OG</c> has it.</param>
    void Log(string origin);

    /// <summary>Waits; ends early where the exchange does.</summary>
    /// <returns>Whether the exchange goes on.</returns>
    ValueTask<bool> DelayAsync(TimeSpan time);

    /// <summary>Waits for the body of the request, so that rules can look at it; it is sent on all the same afterwards.</summary>
    /// <param name="atLeast">How many bytes are enough; null for all, or as many as may be held.</param>
    /// <param name="limit">How long; null for the client's own limit.</param>
    /// <returns>Whether the exchange goes on; where not, the client has been too slow or is gone.</returns>
    ValueTask<BodyWait> WaitForBodyAsync(int? atLeast, TimeSpan? limit);

    /// <summary>What has come of the request's body though nobody has waited for it; valid until the exchange goes on. Of a body in chunks nothing: it is taken apart as it
    /// is read.</summary>
    ReadOnlySpan<byte> ArrivedBody => default;

    /// <summary>The request counts as received from here on, body and all: a setting has had it wait.</summary>
    void EndRequestBuffering()
    {
    }

    /// <summary>The same for the body of the response, and the server's limit. A body that ends before its time ends the wait, and the exchange when
    /// it is relayed.</summary>
    /// <param name="atLeast">How many bytes are enough; null for all, or as many as may be held.</param>
    /// <param name="limit">How long; null for the server's own limit.</param>
    /// <returns>Whether the exchange goes on; where not, the server has been too slow.</returns>
    ValueTask<BodyWait> WaitForResponseBodyAsync(int? atLeast, TimeSpan? limit) => new(BodyWait.Done);

    /// <summary>The connection to the server, while there is one.</summary>
    Connection? ServerConnection => null;

    /// <summary>The same, also when it is the exchange's no more: for what was agreed on when it began. Nothing else of it may be asked for.</summary>
    Connection? LastServerConnection => ServerConnection;

    /// <summary>What came of the last attempt to have one; null where there was none.</summary>
    TransportError? ConnectError => null;

    /// <summary>Whether that has served other requests before.</summary>
    bool IsServerConnectionReused => false;

    /// <summary>Whether the client has gone before its time, as far as anybody has noticed by now.</summary>
    bool HasClientAborted => false;

    /// <summary>Whether the server has broken off what it was asked for; null where there was no connection to it.</summary>
    bool? HasServerAborted => null;

    /// <summary>How much the client has sent on its connection that nobody must send; null where the protocol does not tell.</summary>
    int? ClientGlitches => null;

    /// <summary>The same of the server on its connection; null where there was none.</summary>
    int? ServerGlitches => null;

    /// <summary>Sends an informational response, a whole head, to a client that understands it.</summary>
    ValueTask SendInformationalAsync(ReadOnlyMemory<byte> head);
}

/// <summary>How the waiting for a body ended.</summary>
internal enum BodyWait
{
    /// <summary>Enough is here.</summary>
    Done,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>The client is gone, or its body is broken.</summary>
    Failed,
}

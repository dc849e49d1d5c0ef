using ProxyKit.Transport;

namespace ProxyKit.Http;

/// <summary>The client's side of an exchange: reads a request, writes a response. One implementation per way that clients come in, so that
/// an exchange never asks which version of HTTP it serves.</summary>
internal interface IDownstream
{
    /// <summary>How long the client may be inactive while a body or our bytes are on their way; null for no limit.</summary>
    TimeSpan? InactivityLimit { get; set; }

    /// <summary>How many bytes the client sent for this request so far.</summary>
    long BytesReceived { get; }

    /// <summary>How many bytes the client was sent for this request so far.</summary>
    long BytesSent { get; }

    /// <summary>Whether the request's body has been read to its end.</summary>
    bool IsBodyComplete { get; }

    /// <summary>Whether all that is still missing of the request's body lies here already, so that reading it will not wait.</summary>
    bool IsBodyBuffered { get; }

    /// <summary>What has come of the request's body and was not taken yet; nothing of one in chunks.</summary>
    ReadOnlySpan<byte> ArrivedBody { get; }

    /// <summary>Whether the body is received in small pieces also where much of it is to come: whoever reads it keeps it.</summary>
    bool ReceivesLittle { get; set; }

    /// <summary>The trailer fields of the request, once its body was read.</summary>
    ReadOnlyMemory<byte> Trailers { get; }

    /// <summary>How much the client has sent on its connection so far that nobody must send. HAProxy: <c>fc_glitches</c>.</summary>
    int Glitches { get; }

    /// <summary>Those that came since this was asked last, so that each is counted once.</summary>
    int TakeGlitches();

    /// <summary>Reads the head of a request.</summary>
    /// <param name="head">Where to.</param>
    /// <param name="due">When it must be complete, by the wheel's clock.</param>
    ValueTask<HeadResult> ReceiveRequestAsync(RequestHead head, long due);

    /// <summary>The next piece of the request's body.</summary>
    /// <param name="due">When it must be here at the latest, by the wheel's clock; the limit on the client's inactivity holds besides.</param>
    ValueTask<BodyResult> ReceiveBodyAsync(long due = Deadline.Never);

    /// <summary>Takes what is here already of the request's body, without waiting; false when nothing is. It stays valid to the end of the
    /// exchange.</summary>
    bool TryTakeBody(out BodyResult result);

    /// <summary>Holds no more than the request needs, which waits for its server from here on, maybe for long. Not while anybody watches for
    /// the client's departure.</summary>
    /// <param name="head">The request's head, which may come to lie elsewhere.</param>
    /// <param name="body">What was taken of its body, likewise.</param>
    void HoldLess(RequestHead head, ref BodySegment body);

    /// <summary>Gives back what it takes to read a request, which has come whole and has no trailer fields, and waits for its server from here on, maybe
    /// for long. Nobody asks for its body meanwhile.</summary>
    /// <param name="observer">Who is told when the client goes away.</param>
    void Park(IDepartureObserver observer);

    /// <summary>Ends the wait that <see cref="Park"/> began; the observer is not told any more once this returns.</summary>
    /// <param name="head">Where to read the request's head into, once more.</param>
    /// <param name="unchanged">The head as it came; empty where it is to be left as it is.</param>
    void Unpark(RequestHead head, ReadOnlyMemory<byte> unchanged);

    /// <summary>Sends an informational response.</summary>
    ValueTask<IoResult> SendInformationalAsync(ResponseHead head);

    /// <summary>Sends a response's head together with the first piece of its body.</summary>
    /// <param name="head">The head; its length fields say how the body is framed.</param>
    /// <param name="closes">Whether this is the connection's last response.</param>
    /// <param name="first">The first piece, maybe empty.</param>
    /// <param name="trailers">The trailer fields, where the first piece is the last.</param>
    ValueTask<IoResult> SendResponseAsync(ResponseHead head, bool closes, BodySegment first, ReadOnlyMemory<byte> trailers);

    /// <summary>Sends a further piece of the response's body.</summary>
    /// <param name="segment">The piece.</param>
    /// <param name="trailers">The trailer fields, with the last piece.</param>
    ValueTask<IoResult> SendBodyAsync(BodySegment segment, ReadOnlyMemory<byte> trailers);

    /// <summary>Sends a whole prebuilt response.</summary>
    ValueTask<IoResult> SendReplyAsync(ReadOnlyMemory<byte> reply);

    /// <summary>Whether the request is the connection's last: by what it says, by how the response is framed, or because the proxy drains.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response that is relayed; null for a reply of our own, which tells its length.</param>
    bool MustCloseAfter(RequestHead request, ResponseHead? response);

    /// <summary>Has <paramref name="observer"/> told when the client goes away while nobody reads from it. To be called when the request
    /// is complete.</summary>
    void WatchForDeparture(IDepartureObserver observer);

    /// <summary>Ends the watch; the observer is not told any more once this returns.</summary>
    void StopWatching();

    /// <summary>Hands the raw connection over, to be a tunnel from now on. The request's head is not valid any more after that.</summary>
    TunnelEnd DetachForTunnel();

    /// <summary>Breaks the client's connection off. Any thread.</summary>
    void Abort();

    /// <summary>Has a read of the request's body that another flow is waiting in end soon.</summary>
    void StopReading();

    /// <summary>Has the request's body be read again after <see cref="StopReading"/>, and the read that this ended.</summary>
    void ResumeReading();
}

/// <summary>Is told that a client left while its exchange was under way.</summary>
internal interface IDepartureObserver
{
    /// <summary>The client closed its side or reset the connection. Runs on a pool thread.</summary>
    void OnClientLeft();
}

/// <summary>How the receiving of a head ended.</summary>
internal enum HeadStatus
{
    /// <summary>It is here.</summary>
    Complete,

    /// <summary>It is not acceptable.</summary>
    Refused,

    /// <summary>The peer closed in an orderly way before its first byte.</summary>
    Closed,

    /// <summary>The peer closed in the middle of it.</summary>
    Truncated,

    /// <summary>The connection failed.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    TimedOut,
}

/// <summary>How the receiving of a head ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Refusal">The status to refuse it with.</param>
/// <param name="Reason">What is wrong with it, for the log.</param>
/// <param name="AnyByte">Whether anything of it had arrived.</param>
internal readonly record struct HeadResult(HeadStatus Status, int Refusal, string? Reason, bool AnyByte);

/// <summary>What a look for the next piece of a body said.</summary>
internal enum BodyStatus
{
    /// <summary>A piece of it.</summary>
    Data,

    /// <summary>Nothing more is buffered; receive.</summary>
    NeedMore,

    /// <summary>Its framing is broken.</summary>
    Invalid,

    /// <summary>The peer closed before the body's end.</summary>
    Truncated,

    /// <summary>The connection failed.</summary>
    Failed,

    /// <summary>The peer took too long.</summary>
    TimedOut,
}

/// <summary>A piece of a body, or why there is none.</summary>
/// <param name="Status">What was found.</param>
/// <param name="Segment">The piece.</param>
internal readonly record struct BodyResult(BodyStatus Status, BodySegment Segment);

/// <summary>One end of a tunnel: a connection and what was received on it already.</summary>
/// <param name="Connection">The connection; it stays its owner's to close.</param>
/// <param name="Early">What was received and is not relayed yet.</param>
internal readonly record struct TunnelEnd(Connection Connection, ReadOnlyMemory<byte> Early);

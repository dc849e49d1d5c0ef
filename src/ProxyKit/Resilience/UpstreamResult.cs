using System.Diagnostics.CodeAnalysis;
using Polly;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Resilience;

/// <summary>What an attempt at a backend came to, as the strategies around it see it (<see cref="BackendOptions.Resilience"/>). What servers do badly is a result; an
/// exception comes from a strategy, or from code of a user's.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "A message; nobody compares two.")]
public readonly struct UpstreamResult
{
    /// <summary>Where the context of a run has the exchange, for strategies that go by the request. Not to be kept beyond the run.</summary>
    public static ResiliencePropertyKey<HttpExchange> ExchangeKey { get; } = new("ProxyKit.HttpExchange");

    /// <summary>The server; null where none could be had, and in an answer of one's own.</summary>
    public Server? Server { get; internal init; }

    /// <summary>How it went. An attempt that has found no server is <see cref="AttemptOutcome.ConnectFailed"/>, one that had no turn in the queue
    /// <see cref="AttemptOutcome.Abandoned"/>.</summary>
    public AttemptOutcome Outcome { get; internal init; }

    /// <summary>The status of the response; 0 where there was none. Its head is the exchange's <see cref="HttpExchange.Response"/>.</summary>
    public int Status { get; internal init; }

    /// <summary>The time from when the server was chosen, and had a slot free, until the response's head or the failure.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Whether another attempt may follow: the request can be sent again, nothing of an answer went to the client, and
    /// <see cref="BackendOptions.Retries"/> are left. Where not, asking for one brings this result again and does nothing.</summary>
    public bool MayRepeat { get; internal init; }

    /// <summary>Whether there was no response, or one with a status of 500 to 599 other than 501 and 505.</summary>
    public bool IsFailure => Answer is null && (Outcome != AttemptOutcome.Responded || Status is >= 500 and not (501 or 505));

    /// <summary>What the client gets in the place of what servers said; null for that.</summary>
    internal Reply? Answer { get; private init; }

    /// <summary>A result that has the client get an answer of one's own, whatever the servers said: for fallbacks.</summary>
    /// <param name="reply">The answer: one that is the same for all requests.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidOperationException">The reply depends on the request, or needs a file or the configuration's pages.</exception>
    public static UpstreamResult AnswerWith(Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _ = reply.Fixed(); // here, where whoever wrote it can see it fail
        return new() { Answer = reply };
    }
}

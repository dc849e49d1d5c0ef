using ProxyKit.Rules.Expressions;

namespace ProxyKit.Queueing;

/// <summary>How requests wait for a server of a backend that has room. HAProxy has no words for these: its queues are bounded by
/// <c>timeout queue</c> and the <c>maxqueue</c> of servers alone.</summary>
public sealed class QueueOptions
{
    /// <summary>How many may wait in the backend, for the first free server and for single ones together. One more gets a 503 at once, or
    /// takes the place of the last of a worse class; or, with <see cref="FairBy"/>, of the key that most wait with.</summary>
    /// <value>Null by default: no limit but time. 1 or more.</value>
    public int? Max { get; set; }

    /// <summary>Whose turn it is: keys that have requests waiting get servers by turns (deficit round robin), however many of them each one sends.
    /// Within a class; classes go first. Requests without a value share one key.</summary>
    /// <value>Null by default: who came first goes first.</value>
    public Expression? FairBy { get; set; }

    /// <summary>How many requests of its key go at each turn, as a number that is to be the same for all requests of a key.</summary>
    /// <value>Null by default: one for each. A value below 1 counts as 1, one above 1,000 as 1,000. Needs <see cref="FairBy"/>.</value>
    public Expression? FairWeight { get; set; }

    /// <summary>Whether a request is answered 503 at once that would wait longer than it may, by how fast the queue has been emptying: there is
    /// no use in its place, neither to its client nor to those behind it.</summary>
    /// <value>False by default. Without a limit on the wait nothing is too late.</value>
    public bool DropsLate { get; set; }

    /// <summary>Whether a 503 from the queue has a <c>Retry-After</c> field (RFC 9110 §10.2.3): the seconds that a request would wait that came
    /// now, by how fast the queue has been emptying; 1 to 120.</summary>
    /// <value>False by default.</value>
    public bool TellsRetryAfter { get; set; }
}

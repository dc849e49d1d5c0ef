using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit.Balancing;

/// <summary>What a strategy chooses from.</summary>
public readonly ref struct BalancingContext
{
    internal BalancingContext(CandidateSet set, RuleContext rules, Server? avoid)
    {
        Set = set;
        Rules = rules;
        Avoid = avoid;
    }

    /// <summary>The servers that may be chosen: usable, with a weight above 0; never empty. All are backups only when nothing else is left. Some may be
    /// full: see <see cref="Server.HasRoom"/>.</summary>
    public ReadOnlySpan<Server> Candidates => Set.Servers;

    /// <summary>The weights of the candidates at this moment, in sixteenths of a unit and above 0: less than configured while a server warms up.</summary>
    public ReadOnlySpan<int> Weights => Set.Weights;

    /// <summary>The request; null in TCP mode.</summary>
    public HttpExchange? Exchange => Rules.Exchange;

    /// <summary>What else is known about the request or the connection.</summary>
    public RuleContext Rules { get; }

    /// <summary>The server that the previous attempt failed on; to be chosen only when there is no other. Null on a first attempt.</summary>
    public Server? Avoid { get; }

    /// <summary>The candidates as one object, which is another one as soon as something about them has changed.</summary>
    internal CandidateSet Set { get; }
}

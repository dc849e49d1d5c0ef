using ProxyKit.Backends;
using ProxyKit.Http;

namespace ProxyKit.Balancing;

/// <summary>Chooses the server of a request or a connection.</summary>
public interface IBalancingStrategy
{
    /// <summary>Chooses among the candidates. Called once per attempt, from many threads at once; must not block. An exception ends
    /// the exchange with a 500 and touches nothing else.</summary>
    /// <param name="context">The candidates and what is known about the request.</param>
    /// <returns>One of the candidates, or null when none should have it: the client gets a 503.</returns>
    Server? Pick(in BalancingContext context);
}

/// <summary>What a strategy chooses from.</summary>
public readonly ref struct BalancingContext
{
    internal BalancingContext(ReadOnlySpan<Server> candidates, HttpExchange? exchange, Server? avoid)
    {
        Candidates = candidates;
        Exchange = exchange;
        Avoid = avoid;
    }

    /// <summary>The servers that may be chosen: usable, with a weight above 0; never empty. All are backups only when nothing else is left.</summary>
    public ReadOnlySpan<Server> Candidates { get; }

    /// <summary>The request; null in TCP mode.</summary>
    public HttpExchange? Exchange { get; }

    /// <summary>The server that the previous attempt failed on; to be chosen only when there is no other. Null on a first attempt.</summary>
    public Server? Avoid { get; }
}

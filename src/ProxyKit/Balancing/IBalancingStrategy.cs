using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Chooses the server of a request or a connection.</summary>
public interface IBalancingStrategy
{
    /// <summary>Whether a request waits for the server that was chosen where that is full, as a hash wants it: its key belongs to that server.
    /// Otherwise it waits for the first server that is free.</summary>
    /// <value>False by default.</value>
    bool WaitsForServer => false;

    /// <summary>Whether a server without room is chosen as long as its own queue has, so that requests wait there before they wait for
    /// any. HAProxy: <c>leastconn</c> with <c>maxqueue</c>.</summary>
    internal bool FillsServerQueues => false;

    /// <summary>Whether any weight may be set while the proxy runs, and servers that come back get their work little by little. Otherwise a server takes
    /// either all of its weight or nothing, as HAProxy's static algorithms have it.</summary>
    /// <value>True by default.</value>
    bool FollowsWeights => true;

    /// <summary>Chooses among the candidates. Called once per attempt, from many threads at once; must not block. An exception ends
    /// the exchange with a 500 and touches nothing else.</summary>
    /// <param name="context">The candidates and what is known about the request.</param>
    /// <returns>One of the candidates. Null when none should have it now: the request waits for the first of them that has room, or, where none
    /// of them has a limit, the client gets a 503.</returns>
    Server? Pick(in BalancingContext context);

    /// <summary>Is told how an attempt at a server that it chose went, once for each. From many threads at once; must not block. An exception is
    /// logged and changes nothing.</summary>
    /// <param name="report">How it went.</param>
    void Report(in AttemptReport report)
    {
    }
}

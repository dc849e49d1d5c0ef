using System.Net;
using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>A check of your own. One object checks all servers of a backend, several at once.</summary>
public interface IServerCheck
{
    /// <summary>Finds out how a server is. An exception is a failed check.</summary>
    /// <param name="target">What to check.</param>
    /// <param name="cancellationToken">The check's time is up, or nobody wants to know any more: a stop of the proxy waits for the end, 5 seconds at most.</param>
    /// <returns>What was found.</returns>
    ValueTask<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken);
}

/// <summary>What a check is to look at.</summary>
/// <param name="Server">The server.</param>
/// <param name="EndPoint">The address to check.</param>
public sealed record CheckTarget(Server Server, EndPoint EndPoint);

using ProxyKit.Backends;

namespace ProxyKit.Exchanges;

/// <summary>The pause before a server that refused a connection is tried again. HAProxy: a second, or <c>timeout connect</c> where that is less.</summary>
internal static class TurnAround
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Waits; <paramref name="attempt"/> gives the wait up when it is cancelled.</summary>
    public static ValueTask WaitAsync(ConnectAttempt attempt, TimeSpan? connectTimeout) =>
        attempt.WaitAsync(connectTimeout is { } limit && limit < Longest ? limit : Longest);
}

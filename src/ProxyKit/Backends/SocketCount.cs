namespace ProxyKit.Backends;

/// <summary>How many connections to a server are open, where that is limited. HAProxy: <c>strict-maxconn</c>.</summary>
internal sealed class SocketCount(IdleConnections idle)
{
    private const int Tries = 3; // idle connections to close for one new one, while others take their places

    private int _open;

    /// <summary>How many are open or being opened.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What a connection calls when it is closed.</summary>
    public Action Closed => field ??= Close;

    /// <summary>Counts one more, if need be in the place of an idle one, which is closed. <see cref="Close"/> follows exactly once.</summary>
    /// <param name="most">How many there may be; 0 for no limit.</param>
    public bool TryOpen(int most)
    {
        for (var tries = 0; ; tries++)
        {
            var open = Open;
            while (open < most || most == 0)
            {
                var seen = Interlocked.CompareExchange(ref _open, open + 1, open);
                if (seen == open)
                {
                    return true;
                }

                open = seen;
            }

            if (tries == Tries || !idle.TryCloseOne())
            {
                return false;
            }
        }
    }

    /// <summary>One was closed, or could not be opened.</summary>
    public void Close() => Interlocked.Decrement(ref _open);
}

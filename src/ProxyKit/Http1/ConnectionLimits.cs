using System.Runtime.CompilerServices;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>A limit on waiting for a peer's bytes: gives the wait up and leaves the connection usable.</summary>
internal sealed class WaitLimit(TimerWheel wheel, Connection connection) : Deadline(wheel)
{
    protected override void OnFired() => connection.CancelWait();
}

/// <summary>A limit on a peer taking our bytes: breaks the connection off, since half a message is out.</summary>
internal sealed class SendLimit(TimerWheel wheel, Connection connection) : Deadline(wheel)
{
    private long _lastProgress;

    /// <summary>When the peer last took some of what it had kept waiting, by the wheel's clock.</summary>
    public long LastProgress => Volatile.Read(ref _lastProgress);

    /// <summary>Sends all. The limit is on inactivity: it starts anew whenever the peer has taken some.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="limit">How long the peer may take nothing; null for no limit.</param>
    /// <returns>All bytes sent, or the error: <see cref="TransportError.TimedOut"/> where the limit has broken the connection off.</returns>
    public ValueTask<IoResult> SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan? limit)
    {
        var sending = connection.SendSomeAsync(bytes);
        if (!sending.IsCompletedSuccessfully)
        {
            return SendRestAsync(bytes, sending, limit);
        }

        var result = sending.Result;
        return result.HasError || result.Bytes == bytes.Length ? new(result) : SendRestAsync(bytes, new(result), limit);
    }

    protected override void OnFired() => connection.Abort();

    /// <summary>Sends what is left behind a first send, or waits for that one.</summary>
    /// <param name="bytes">All that is to be sent.</param>
    /// <param name="sending">The first send of it.</param>
    /// <param name="limit">How long the peer may take nothing; null for no limit.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<IoResult> SendRestAsync(ReadOnlyMemory<byte> bytes, ValueTask<IoResult> sending, TimeSpan? limit)
    {
        for (var sent = 0; ; sending = connection.SendSomeAsync(bytes[sent..]))
        {
            if (!sending.IsCompleted)
            {
                Set(limit);
            }

            var result = await sending.ConfigureAwait(false);
            sent += result.Bytes;
            Volatile.Write(ref _lastProgress, Wheel.Now);
            if (Clear())
            {
                return IoResult.Failed(TransportError.TimedOut);
            }

            if (result.HasError || sent == bytes.Length)
            {
                return result.HasError ? result : IoResult.Moved(sent);
            }
        }
    }
}

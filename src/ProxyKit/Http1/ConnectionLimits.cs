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
    protected override void OnFired() => connection.Abort();
}

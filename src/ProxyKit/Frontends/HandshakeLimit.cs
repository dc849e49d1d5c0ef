using ProxyKit.Transport;

namespace ProxyKit.Frontends;

/// <summary>A limit on a client's TLS handshake: breaks the connection off.</summary>
internal sealed class HandshakeLimit(TimerWheel wheel, Connection connection) : Deadline(wheel)
{
    protected override void OnFired() => connection.Abort();
}

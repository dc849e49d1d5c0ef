using System.Net.Sockets;

namespace ProxyKit.Transport.Sockets;

/// <summary>Puts the system's socket errors into our words.</summary>
internal static class SocketErrors
{
    public static TransportError ToTransportError(this SocketError error) => error switch
    {
        SocketError.Success => TransportError.None,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected
            or SocketError.Disconnecting or SocketError.NetworkReset => TransportError.Reset,
        SocketError.ConnectionRefused => TransportError.Refused,
        SocketError.TimedOut => TransportError.TimedOut,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown
            => TransportError.Unreachable,
        SocketError.OperationAborted or SocketError.Interrupted => TransportError.Aborted,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressAlreadyInUse
            or SocketError.AddressNotAvailable => TransportError.ResourceExhausted,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => TransportError.NameNotResolved,
        _ => TransportError.Other,
    };
}

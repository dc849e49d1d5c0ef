using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Backends;

/// <summary>Has a proxy of SOCKS version 4 lead a connection on to a server. The protocol knows addresses of IPv4 alone.</summary>
internal static class Socks4
{
    private const byte Version = 4, Connect = 1, Granted = 90;
    private const int AnswerLength = 8;

    private static ReadOnlySpan<byte> User => "HAProxy\0"u8; // the name that HAProxy gives, which proxies may be set up for

    /// <summary>Connects to a server by a proxy.</summary>
    /// <param name="transport">What with.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="options">How to connect, were there none.</param>
    /// <param name="attempt">The limit on it.</param>
    /// <returns>The connection, on which the server is heard; <see cref="TransportError.Unreachable"/> where the proxy cannot or will not lead there,
    /// <see cref="TransportError.NameNotResolved"/> where the server's name has no address that it could be asked for.</returns>
    public static async ValueTask<ConnectResult> ConnectAsync(ITransport transport, IPEndPoint proxy, ConnectOptions options, WorkLimit attempt)
    {
        var (destination, fault) = await FindAsync(options.EndPoint, attempt.Token).ConfigureAwait(false);
        if (destination is null)
        {
            return ConnectResult.Failed(attempt.Token.IsCancellationRequested ? TransportError.Aborted : fault);
        }

        var result = await transport.ConnectAsync(options with { EndPoint = proxy }, attempt.Token).ConfigureAwait(false);
        if (result.Connection is not { } connection)
        {
            return result;
        }

        attempt.Watch(connection);
        fault = await AskAsync(connection, destination).ConfigureAwait(false);
        attempt.Watch(null);
        var isGivenUp = attempt.Token.IsCancellationRequested; // only now: it may yet be broken off otherwise
        if (fault == TransportError.None && !isGivenUp)
        {
            connection.Destination = options.EndPoint as IPEndPoint ?? destination; // which is what the rest of the proxy knows the server by
            return result;
        }

        connection.Dispose();
        return ConnectResult.Failed(isGivenUp ? TransportError.Aborted : fault);
    }

    /// <summary>The address to ask for; null with what is wrong where there is none that the protocol has room for.</summary>
    private static async ValueTask<(IPEndPoint? EndPoint, TransportError Fault)> FindAsync(EndPoint endPoint, CancellationToken token)
    {
        switch (endPoint)
        {
            case IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped:
                return (new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port), TransportError.None);
            case IPEndPoint { AddressFamily: AddressFamily.InterNetwork } address:
                return (address, TransportError.None);
            case DnsEndPoint name:
                try
                {
                    return await Dns.GetHostAddressesAsync(name.Host, AddressFamily.InterNetwork, token).ConfigureAwait(false) is [var first, ..]
                        ? (new IPEndPoint(first, name.Port), TransportError.None)
                        : (null, TransportError.NameNotResolved);
                }
                catch (SocketException e)
                {
                    return (null, e.SocketErrorCode.ToTransportError());
                }
                catch (OperationCanceledException)
                {
                    return (null, TransportError.Aborted);
                }

            default:
                return (null, TransportError.Unreachable);
        }
    }

    private static async ValueTask<TransportError> AskAsync(Connection connection, IPEndPoint destination)
    {
        var bytes = Request(destination);
        if (await connection.SendAsync(bytes).ConfigureAwait(false) is { HasError: true } sent)
        {
            return sent.Error;
        }

        var answer = bytes.AsMemory(0, AnswerLength); // whoever is answered, the request is sent
        for (var length = 0; length < AnswerLength;)
        {
            // Never more than the answer: what follows is the server's.
            var received = await connection.ReceiveAsync(answer[length..]).ConfigureAwait(false);
            if (received.HasError || received.IsEnd)
            {
                return received.HasError ? received.Error : TransportError.Reset;
            }

            length += received.Bytes;
        }

        return answer.Span[1] == Granted ? TransportError.None : TransportError.Unreachable; // some send their version before it, in the place of 0; HAProxy asks for neither
    }

    private static byte[] Request(IPEndPoint destination)
    {
        var bytes = new byte[AnswerLength + User.Length];
        (bytes[0], bytes[1]) = (Version, Connect);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)destination.Port);
        _ = destination.Address.TryWriteBytes(bytes.AsSpan(4), out _); // four, of IPv4
        User.CopyTo(bytes.AsSpan(AnswerLength));
        return bytes;
    }
}

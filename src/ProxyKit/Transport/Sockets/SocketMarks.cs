using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.Transport.Sockets;

/// <summary>What can be said of the packets of a socket. What the system or its privileges do not allow is not done.</summary>
internal static class SocketMarks
{
    // Linux's numbers, of its headers socket.h, in.h and tcp.h; .NET has no names for them.
    private const int SocketLevel = 1, ReusePort = 15, Interface = 25, Mark = 36;
    private const int IPLevel = 0, TypeOfService = 1, HopLimit = 2, Transparent = 19;
    private const int IPv6Level = 41, TrafficClass = 67, UnicastHops = 16, TransparentIPv6 = 75;
    private const int TcpLevel = 6, Info = 11, Repair = 19, SaveFirst = 27, SavedFirst = 28;

    /// <summary>Needs the privilege to administer the network, and Linux.</summary>
    public static bool TrySetMark(Socket socket, uint mark) => OperatingSystem.IsLinux() && TrySet(socket, SocketLevel, Mark, unchecked((int)mark));

    public static bool TrySetTypeOfService(Socket socket, byte value) => IsIPv4(socket)
        ? TrySet(socket, IPLevel, OperatingSystem.IsLinux() ? TypeOfService : 3, value)
        : OperatingSystem.IsLinux() && TrySet(socket, IPv6Level, TrafficClass, value);

    /// <summary>Has packets come and go by one network interface alone. On Linux, elsewhere that is refused.</summary>
    /// <exception cref="SocketException">There is no such interface, or no privilege.</exception>
    public static void BindToInterface(Socket socket, string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SocketException((int)SocketError.OperationNotSupported);
        }

        socket.SetRawSocketOption(SocketLevel, Interface, Encoding.UTF8.GetBytes(name + '\0'));
    }

    /// <summary>Has others listen on the socket's address too. On Linux, elsewhere that is refused.</summary>
    public static void ShareAddress(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SocketException((int)SocketError.OperationNotSupported);
        }

        Span<byte> on = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(on, 1);
        socket.SetRawSocketOption(SocketLevel, ReusePort, on);
    }

    /// <summary>Has a socket accept what was sent to addresses that are not this machine's. On Linux, elsewhere that is refused.</summary>
    /// <exception cref="SocketException">There is no privilege.</exception>
    public static void TakeAnyAddress(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SocketException((int)SocketError.OperationNotSupported);
        }

        Span<byte> on = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(on, 1);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.SetRawSocketOption(IPv6Level, TransparentIPv6, on);
        }

        if (socket.AddressFamily == AddressFamily.InterNetwork || socket.DualMode)
        {
            socket.SetRawSocketOption(IPLevel, Transparent, on);
        }
    }

    /// <summary>Both of them, as far as they are said.</summary>
    public static void Set(Socket socket, PacketMarks marks)
    {
        if (marks.Mark is { } mark)
        {
            TrySetMark(socket, mark);
        }

        if (marks.TypeOfService is { } value)
        {
            TrySetTypeOfService(socket, value);
        }
    }

    /// <summary>How many routers packets may pass.</summary>
    public static bool TrySetHops(Socket socket, byte hops) =>
        OperatingSystem.IsLinux() && (IsIPv4(socket) ? TrySet(socket, IPLevel, HopLimit, hops) : TrySet(socket, IPv6Level, UnicastHops, hops));

    /// <summary>Has the socket be closed without a word. Needs the privilege to administer the network, and Linux.</summary>
    public static bool TryVanish(Socket socket) => OperatingSystem.IsLinux() && TrySet(socket, TcpLevel, Repair, 1);

    /// <summary>Has the system ask a silent peer whether it is still there.</summary>
    public static bool TryKeepAlive(Socket socket, TcpKeepAliveOptions options)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            Set(SocketOptionName.TcpKeepAliveTime, (int?)options.Idle?.TotalSeconds);
            Set(SocketOptionName.TcpKeepAliveInterval, (int?)options.Interval?.TotalSeconds);
            Set(SocketOptionName.TcpKeepAliveRetryCount, options.Probes);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // a unix socket, or the peer is gone already
        }

        void Set(SocketOptionName name, int? value)
        {
            if (value is { } number)
            {
                socket.SetSocketOption(SocketOptionLevel.Tcp, name, number);
            }
        }
    }

    /// <summary>What Linux knows of a TCP connection; how many bytes that is, 0 elsewhere.</summary>
    public static int ReadTcpInfo(Socket socket, Span<byte> info)
    {
        try
        {
            return OperatingSystem.IsLinux() ? socket.GetRawSocketOption(TcpLevel, Info, info) : 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0; // a unix socket, or the connection is gone
        }
    }

    /// <summary>Has the connections of a listener keep their first packet.</summary>
    public static bool TrySavePackets(Socket listener, SavedPacket what) => OperatingSystem.IsLinux() && TrySet(listener, TcpLevel, SaveFirst, (int)what);

    /// <summary>Reads the first packet of a connection, which the system then forgets; how many bytes that is, 0 where there are none.</summary>
    public static int TakeSavedPacket(Socket socket, Span<byte> packet)
    {
        try
        {
            return OperatingSystem.IsLinux() ? socket.GetRawSocketOption(TcpLevel, SavedFirst, packet) : 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0; // a unix socket, or the connection is gone
        }
    }

    /// <summary>Also one of IPv6 whose peer speaks IPv4.</summary>
    private static bool IsIPv4(Socket socket)
    {
        try
        {
            return socket.AddressFamily == AddressFamily.InterNetwork || socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true };
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool TrySet(Socket socket, int level, int name, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        }

        try
        {
            socket.SetRawSocketOption(level, name, bytes);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            return false; // another family of sockets, no privilege, or the client is gone
        }
    }
}

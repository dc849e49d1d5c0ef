using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.Tool.Running;

/// <summary>Tells systemd, or whoever speaks its protocol, what the process is about: datagrams to the socket of <c>NOTIFY_SOCKET</c>.</summary>
/// <param name="address">The socket's path, or its name behind <c>@</c>; null where nobody listens.</param>
internal sealed class ServiceManager(string? address)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The manager that started this process.</summary>
    /// <param name="isWanted">Whether it is to be told anything.</param>
    public static ServiceManager Find(bool isWanted) => new(isWanted ? Environment.GetEnvironmentVariable("NOTIFY_SOCKET") : null);

    public void Ready() => Tell(string.Create(CultureInfo.InvariantCulture, $"READY=1\nMAINPID={Environment.ProcessId}\nSTATUS=Ready.\n"));

    public void Reloading()
    {
        // A manager of type notify-reload tells our answer from an older one by the time.
        var microseconds = (long)(Stopwatch.GetTimestamp() * ((double)MicrosecondsPerSecond / Stopwatch.Frequency));
        Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}\nSTATUS=Reloading Configuration.\n"));
    }

    public void Stopping() => Tell("STOPPING=1\nSTATUS=Stopping.\n");

    private void Tell(string state)
    {
        if (string.IsNullOrEmpty(address))
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
        }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            // The manager is gone; clients are served all the same.
        }
    }
}

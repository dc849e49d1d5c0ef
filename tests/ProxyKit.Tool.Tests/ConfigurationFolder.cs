using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Tool.Tests;

/// <summary>A folder for the files of one test.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private static int s_lastPort = 10_100 + (Environment.ProcessId % 100 * 40); // two runs at once do not meet

    public string Root { get; } = Directory.CreateTempSubdirectory("proxykit-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file; its path.</summary>
    public string Write(string text, string name = "a.cfg")
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>A configuration that is good: an address, and a server behind it.</summary>
    public string WriteGood(int port, int server, string more = "", string name = "a.cfg") => Write(Good(port, server, more), name);

    public static string Good(int port, int server, string more = "") => string.Create(CultureInfo.InvariantCulture, $"""
        defaults
          mode http
          timeout client 10s
          timeout server 10s
          timeout connect 5s
        frontend web
          bind 127.0.0.1:{port}
          {more}
          default_backend app
        backend app
          server s1 127.0.0.1:{server}

        """);

    /// <summary>A port that nobody listens on at this moment, below those that the system gives out by itself, and each once.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref s_lastPort);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException) when (port < 15_000)
            {
                // Somebody has it: the next one, then.
            }
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

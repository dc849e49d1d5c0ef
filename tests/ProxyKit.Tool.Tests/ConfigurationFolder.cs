using System.Globalization;

namespace ProxyKit.Tool.Tests;

/// <summary>A folder for the files of one test.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
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

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

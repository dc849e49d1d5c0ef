using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.Transport.Sockets;

/// <summary>The file of a unix socket that takes the place of another process's in one step, so that a client finds one of the two at any time. The other one
/// is kept under another name until the first client is waited for: a start that fails at a later address puts it back.</summary>
internal sealed class SharedSocketFile
{
    private const int LongestPath = 107; // of bytes that a socket can be bound to

    private static int _made;

    private readonly string _path, _ours, _earlier;
    private (ulong, ulong) _identity; // by which our file is known, whoever has put another in its place
    private int _keepsEarlier;

    private SharedSocketFile(string path, string ours) => (_path, _ours, _earlier) = (path, ours, $"{ours}.earlier");

    /// <summary>The file of a path; null where there is no name beside it that a socket can have.</summary>
    public static SharedSocketFile? For(string path)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $".{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        var ours = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        return Encoding.UTF8.GetByteCount(ours) <= LongestPath ? new(path, ours) : null;
    }

    /// <summary>Has the socket listen, and then puts its file where clients look for it.</summary>
    /// <exception cref="SocketException">It cannot be bound, or something else is in its place.</exception>
    /// <exception cref="IOException">The system refuses what is said of the file.</exception>
    public void Listen(Socket socket, ListenOptions options)
    {
        File.Delete(_ours); // left by a process of the same number
        socket.Bind(new UnixDomainSocketEndPoint(_ours)); // the file goes with the socket as long as it has this name
        _identity = SocketFile.Identify(_ours);
        SocketFile.Protect(_ours, options);
        socket.Listen(options.Backlog);
        if (File.Exists(_path) || Directory.Exists(_path))
        {
            if (SocketFile.CanBeOpened(_path))
            {
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            }

            File.Delete(_earlier);
            _keepsEarlier = SocketFile.TryLink(_path, _earlier) ? 1 : 0;
        }

        try
        {
            File.Move(_ours, _path, overwrite: true);
        }
        catch
        {
            SocketFile.TryDelete(_earlier);
            throw;
        }
    }

    /// <summary>Clients are waited for: the other process's file is let go of.</summary>
    public void Settle()
    {
        if (_keepsEarlier != 0 && Interlocked.Exchange(ref _keepsEarlier, 0) != 0)
        {
            SocketFile.TryDelete(_earlier);
        }
    }

    /// <summary>Takes the file away, unless it is another process's by now. Called before the socket is closed: until then no other file can have the identity
    /// of ours.</summary>
    public void Remove()
    {
        try
        {
            if (!IsOurs(_path))
            {
                Settle();
                return;
            }

            // Under a name that nobody else knows, it stays what it is found to be.
            File.Move(_path, _ours, overwrite: true);
            if (!IsOurs(_ours))
            {
                SocketFile.TryLink(_ours, _path); // a third process was quicker; where a fourth one was too, that one stays
                Settle();
            }
            else if (Interlocked.Exchange(ref _keepsEarlier, 0) != 0)
            {
                SocketFile.TryLink(_earlier, _path);
                SocketFile.TryDelete(_earlier);
            }

            SocketFile.TryDelete(_ours);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is not ours to change any more. Whose file it was finds out that clients do not come; the next start removes what stays behind.
        }
    }

    private bool IsOurs(string path) => SocketFile.Identify(path) == _identity;
}

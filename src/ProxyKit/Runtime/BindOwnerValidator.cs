using ProxyKit.Frontends;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Runtime;

/// <summary>Finds what cannot be done about the permissions and addresses of listening sockets.</summary>
internal static class BindOwnerValidator
{
    private const UnixFileMode Permissions = (UnixFileMode)0xFFF; // all that there are: 7777

    public static void Validate(BindOptions options, FaultPath path)
    {
        if (options.IsTransparent && !OperatingSystem.IsLinux())
        {
            path.Add(nameof(options.IsTransparent), "is for Linux only");
        }

        if (options.SocketMode is { } mode && (mode & ~Permissions) != 0)
        {
            path.Add(nameof(options.SocketMode), $"{(int)mode} is out of range (octal 0-7777)");
        }

        CheckOwner(nameof(options.SocketUser), "user", options.SocketUser, SocketFile.Users, path);
        CheckOwner(nameof(options.SocketGroup), "group", options.SocketGroup, SocketFile.Groups, path);
    }

    private static void CheckOwner(string property, string kind, string? name, string file, FaultPath path)
    {
        if (name is not null && SocketFile.FindNumber(name, file) is null)
        {
            path.Add(property, $"there is no {kind} {FaultPath.Quote(name)} in {file}, the only place where names are looked up: those of a directory service are told by number");
        }
    }
}

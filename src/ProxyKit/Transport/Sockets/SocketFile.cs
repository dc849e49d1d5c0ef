using System.Globalization;
using System.Runtime.InteropServices;

namespace ProxyKit.Transport.Sockets;

/// <summary>Says who may connect to a unix socket: by the permissions and the owner of its file.</summary>
internal static partial class SocketFile
{
    /// <summary>Where the machine's users and groups are listed.</summary>
    public const string Users = "/etc/passwd", Groups = "/etc/group";

    private const int OfThisFolder = -100, NotFollowed = 0x100; // of statx: AT_FDCWD, AT_SYMLINK_NOFOLLOW

    private const uint InodeNumber = 0x100; // of statx: STATX_INO

    private const uint Unchanged = uint.MaxValue; // of chown: as it is

    /// <summary>Sets what is said of it. Called before anybody can connect, so that nobody does who may not.</summary>
    /// <exception cref="IOException">The system refuses it.</exception>
    public static void Protect(string path, ListenOptions options)
    {
        if (options.SocketMode is null && options.SocketUser is null && options.SocketGroup is null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            throw new IOException($"cannot say who may use {path}: this system has no such permissions");
        }

        if ((options.SocketUser is not null || options.SocketGroup is not null)
            && ChangeOwner(path, options.SocketUser ?? Unchanged, options.SocketGroup ?? Unchanged) != 0)
        {
            throw new IOException($"cannot give {path} to another owner: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        if (options.SocketMode is { } mode)
        {
            try
            {
                File.SetUnixFileMode(path, mode);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException($"cannot change the permissions of {path}: {e.Message}", e);
            }
        }
    }

    /// <summary>The number of a user or a group of this machine.</summary>
    /// <param name="nameOrNumber">The name, or the number itself.</param>
    /// <param name="file"><see cref="Users"/> or <see cref="Groups"/>.</param>
    /// <returns>The number; null where there is none of the name.</returns>
    public static uint? FindNumber(string nameOrNumber, string file)
    {
        if (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number == Unchanged ? null : number;
        }

        try
        {
            foreach (var line in File.ReadLines(file))
            {
                // name:password:number:...
                var parts = line.Split(':', 4);
                if (parts.Length > 3 && parts[0] == nameOrNumber && uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out number))
                {
                    return number;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a system without such a list has no such name
        }

        return null;
    }

    /// <summary>An ordinary file refuses connections too, but can be opened, as a socket cannot.</summary>
    public static bool CanBeOpened(string path)
    {
        try
        {
            // For writing too, since that does not wait on a pipe.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true; // not ours to delete either
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file stays behind; the next start removes it.
        }
    }

    /// <summary>Gives a file another name besides its own.</summary>
    public static bool TryLink(string path, string name) => Link(path, name) == 0;

    /// <summary>What tells a file from all others: its device and its inode; where the system does not say them, the time of its last change.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be searched.</exception>
    public static (ulong Device, ulong Inode) Identify(string path)
    {
        try
        {
            Span<byte> status = stackalloc byte[256]; // struct statx, which is the same on all processors
            if (GetStatus(OfThisFolder, path, NotFollowed, InodeNumber, ref MemoryMarshal.GetReference(status)) == 0)
            {
                return (MemoryMarshal.Read<ulong>(status[136..]), MemoryMarshal.Read<ulong>(status[32..]));
            }
        }
        catch (EntryPointNotFoundException)
        {
            // an older C library
        }

        return (0, (ulong)File.GetLastWriteTimeUtc(path).Ticks);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetStatus(int folder, string path, int flags, uint what, ref byte status);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string path, string name);
}

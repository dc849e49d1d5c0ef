using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class DirectoryFlushTests
{
    [Fact]
    public void Directory_that_is_there_is_flushed()
    {
        using var folder = new JournalFolder();
        File.WriteAllText(Path.Combine(folder.Root, "a"), "b");

        DirectoryFlush.ToDisk(folder.Root);
    }

    /// <summary>A file system without it, as many of the kernel's own are, and a directory whose names nobody may read.</summary>
    [Fact]
    public void Directory_that_cannot_be_flushed_is_left_as_it_is()
    {
        using var folder = new JournalFolder();
        var closed = Directory.CreateDirectory(Path.Combine(folder.Root, "closed")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        DirectoryFlush.ToDisk(closed);
        DirectoryFlush.ToDisk(OperatingSystem.IsLinux() ? "/proc/self" : folder.Root);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Directory_that_is_not_there_is_told_with_its_name()
    {
        var fault = Assert.Throws<IOException>(static () => DirectoryFlush.ToDisk("/no/such/größe"));

        Assert.Contains("/no/such/größe", fault.Message, StringComparison.Ordinal);
    }
}

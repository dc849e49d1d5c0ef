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

    [Fact]
    public void Directory_that_is_not_there_is_told_with_its_name()
    {
        var fault = Assert.Throws<IOException>(static () => DirectoryFlush.ToDisk("/no/such/größe"));

        Assert.Contains("/no/such/größe", fault.Message, StringComparison.Ordinal);
    }
}

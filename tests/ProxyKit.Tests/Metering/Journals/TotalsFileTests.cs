using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class TotalsFileTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sums_that_cannot_have_their_name_leave_nothing_behind()
    {
        var path = JournalFile.TotalsPath(_folder.Root, 1, 1);
        Directory.CreateDirectory(path); // which no file takes the place of

        Assert.ThrowsAny<SystemException>(() => TotalsFile.Write(path, [], time: 0));

        Assert.Empty(Directory.GetFiles(_folder.Root));
    }
}

using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>What a reader makes of a segment that somebody writes to beside it.</summary>
public sealed class BlockReaderTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The second of three blocks is looked at when it is half written, and whole when the third one is found.</summary>
    /// <param name="written">How much of it is there at first.</param>
    /// <param name="filler">Whether the file has its length by then, as of blocks that were written before and are overwritten.</param>
    [Theory]
    [InlineData(0, false)]
    [InlineData(10, false)]
    [InlineData(JournalBlock.HeadBytes, false)]
    [InlineData(JournalBlock.HeadBytes + 5, false)]
    [InlineData(0, true)]
    [InlineData(JournalBlock.HeadBytes + 5, true)]
    public async Task Block_that_becomes_whole_meanwhile_is_no_damage(int written, bool filler)
    {
        var (path, whole, ends) = await WriteAsync();
        var torn = whole[..((int)ends[0] + written)];
        await WriteAsync(path, filler ? [.. torn, .. new byte[ends[1] - torn.Length]] : torn);
        using var reader = new BlockReader(path);
        Assert.True(reader.TryRead());
        Assert.False(reader.TryRead());

        await WriteAsync(path, whole);

        Assert.True(reader.TrySkipDamage());
        Assert.Equal((ends[1], 0L), (reader.Position, reader.DamagedBytes));
        Assert.True(reader.TryRead());
        Assert.Equal(ends[2], reader.Position);
        Assert.Empty(reader.Damaged);
    }

    [Fact]
    public async Task Block_that_stays_torn_is_damage_once_another_follows()
    {
        var (path, whole, ends) = await WriteAsync();
        whole[ends[1] - 1] ^= 1;
        await WriteAsync(path, whole[..(int)ends[1]]);
        using var reader = new BlockReader(path);
        Assert.True(reader.TryRead());
        Assert.False(reader.TryRead() || reader.TrySkipDamage()); // a write under way, for all that is known

        await WriteAsync(path, whole);

        Assert.True(!reader.TryRead() && reader.TrySkipDamage());
        Assert.Equal([(ends[0], ends[1] - ends[0])], reader.Damaged);
        Assert.Equal(ends[2], reader.Position);
    }

    /// <summary>Written over in its place, as a proxy writes to what a reader has open.</summary>
    private static async Task WriteAsync(string path, byte[] bytes)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await file.WriteAsync(bytes, TestContext.Current.CancellationToken);
        file.SetLength(bytes.Length);
    }

    /// <summary>A segment of three blocks, its bytes, and where they end.</summary>
    private async Task<(string Path, byte[] Whole, IReadOnlyList<long> Ends)> WriteAsync()
    {
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);
            await journal.AppendAsync(JournalFolder.Event("2"), TestContext.Current.CancellationToken);
        }

        var ends = _folder.BlockEnds(1);
        Assert.Equal(3, ends.Count); // the first says what came before the segment
        return (_folder.LastSegment, await File.ReadAllBytesAsync(_folder.LastSegment, TestContext.Current.CancellationToken), ends);
    }
}

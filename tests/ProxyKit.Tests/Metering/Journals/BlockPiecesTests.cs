using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>What the lanes of one write become on the disk.</summary>
public sealed class BlockPiecesTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_of_several_lanes_of_which_any_byte_is_not_on_the_disk_is_cut_off_and_is_no_damage()
    {
        Write(static writer => writer.Write([JournalBatches.Of(JournalFolder.Event("before"))]));
        var start = (int)_folder.BlockEnds(1)[^1];
        Write(static writer => writer.Write(
            [JournalBatches.Of(JournalFolder.Event("1"), JournalFolder.Event("2")), JournalBatches.Of(JournalFolder.Event("3")), JournalBatches.Of(JournalFolder.Event("4"))]));
        Assert.Equal(5, _folder.Sum());
        var whole = await File.ReadAllBytesAsync(_folder.LastSegment, TestContext.Current.CancellationToken);
        for (var at = start; at < whole.Length; at++)
        {
            var torn = (byte[])whole.Clone();
            torn[at] ^= 0xFF; // what follows is there: the disk writes in its own order
            await File.WriteAllBytesAsync(_folder.LastSegment, torn, TestContext.Current.CancellationToken);

            await using var journal = _folder.Open();

            Assert.Equal((whole.Length - start, 0), (journal.Recovery.CutBytes, journal.Recovery.DamagedBytes));
        }

        Assert.Single(UsageJournal.ReadTotals(_folder.Root, new UsageQuery { Resolution = UsageResolution.All }), static t => t.Meter == "requests");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Long_write_is_several_blocks_of_bounded_length(int lanes)
    {
        const int Events = 9_000;
        Write(writer => writer.Write([.. Enumerable.Range(0, lanes).Select(static i => JournalBatches.LongOnes($"{i}", Events))]));

        var ends = _folder.BlockEnds(1);

        Assert.Equal(lanes * Events, _folder.Sum());
        Assert.Empty(UsageJournal.Salvage(_folder.Root, new UsageQuery()).Damage);
        Assert.All(ends.Zip(ends.Skip(1)), static block => Assert.InRange(block.Second - block.First, 1, 4 * 1024 * 1024));
        Assert.Equal(1 + Math.Ceiling((ends[^1] - ends[0]) / (double)BlockPieces.MostBytes), ends.Count); // full, but for the last
    }

    private void Write(Action<JournalWriter> write)
    {
        using var writer = new JournalWriter(_folder.Root, new UsageJournalOptions(), NullLogger.Instance, new ManualTimeProvider());
        write(writer);
    }
}

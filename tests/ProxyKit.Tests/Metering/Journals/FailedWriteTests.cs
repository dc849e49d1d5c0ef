using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>What a write leaves that fails in the middle, and was given up.</summary>
public sealed class FailedWriteTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shorter_write_behind_it_has_nothing_behind_itself()
    {
        using (var writer = Open())
        {
            writer.Write([BatchOf("before")]);
            Fail(writer);

            writer.Write([BatchOf("next")]);
        }

        await AssertHoldsAsync("before", "next");
    }

    [Fact]
    public async Task Nothing_of_it_counts_where_nothing_was_written_any_more()
    {
        using (var writer = Open())
        {
            writer.Write([BatchOf("before")]);
            Fail(writer);
        }

        await AssertHoldsAsync("before");
    }

    [Fact]
    public async Task Nothing_of_it_is_left_behind_the_close_of_a_period()
    {
        var until = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        using (var writer = Open())
        {
            Fail(writer);

            writer.Close(until.ToUnixTimeMilliseconds());
        }

        await AssertHoldsAsync();
        Assert.Equal(until, UsageJournal.ReadClosedUntil(_folder.Root));
    }

    [Fact]
    public async Task Nothing_of_it_is_left_in_a_segment_that_is_finished()
    {
        using (var writer = Open())
        {
            writer.Write([BatchOf("before")]);
            Fail(writer);

            writer.Rotate();
            writer.Write([BatchOf("next")]);
        }

        await AssertHoldsAsync("before", "next");
    }

    [Fact]
    public async Task Write_that_is_made_again_counts_once()
    {
        using (var writer = Open())
        {
            Fail(writer);

            writer.Write([BatchOf("lost 1"), BatchOf("lost 2", "lost 3"), BatchOf("lost 4")]);
        }

        await AssertHoldsAsync("lost 1", "lost 2", "lost 3", "lost 4");
    }

    /// <summary>Where there may be a thousand writes a second.</summary>
    [Fact]
    public void Segment_that_cannot_be_begun_is_told_once_and_tried_again_at_times()
    {
        var log = new RecordingLoggerProvider();
        var time = new ManualTimeProvider();
        using var writer = new JournalWriter(_folder.Root, new UsageJournalOptions { SegmentAge = TimeSpan.FromSeconds(1) }, log.CreateLogger("usage"), time);
        var inTheWay = Directory.CreateDirectory(JournalFile.SegmentPath(_folder.Root, 2));
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
        {
            writer.Write([BatchOf($"{i}")]);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        writer.Write([BatchOf("again")]);
        inTheWay.Delete();
        writer.Write([BatchOf("too soon")]);
        Assert.Equal(1, writer.Segment);
        time.Advance(TimeSpan.FromSeconds(10));
        writer.Write([BatchOf("well")]);

        Assert.Equal(2, writer.Segment);
        Assert.Single(log.Entries, static e => e.Level == LogLevel.Error);
    }

    [Fact]
    public void Segment_becomes_as_old_as_it_may_though_the_clock_is_put_back()
    {
        var time = new ManualTimeProvider();
        using var writer = new JournalWriter(_folder.Root, new UsageJournalOptions { SegmentAge = TimeSpan.FromHours(1) }, NullLogger.Instance, time);

        time.Shift(TimeSpan.FromDays(-1));
        time.Advance(TimeSpan.FromHours(1));
        writer.Write([BatchOf("1")]);

        Assert.Equal(2, writer.Segment);
    }

    /// <summary>A block comes onto the disk whole, and the next one, with a batch that is none, does not.</summary>
    private void Fail(JournalWriter writer)
    {
        var before = new FileInfo(_folder.LastSegment).Length;
        var events = (BlockPieces.MostBytes / JournalBatches.LongBytes) + 1;
        Assert.ThrowsAny<Exception>(() => writer.Write([JournalBatches.LongOnes("lost", events), null!]));
        Assert.True(new FileInfo(_folder.LastSegment).Length > before + BlockPieces.MostBytes - JournalBatches.LongBytes);
    }

    private static UsageBatch BatchOf(params string[] ids) => JournalBatches.Of([.. ids.Select(static id => JournalFolder.Event(id))]);

    private JournalWriter Open() => new(_folder.Root, new UsageJournalOptions(), NullLogger.Instance, new ManualTimeProvider());

    private async Task AssertHoldsAsync(params string[] ids)
    {
        await using (var journal = _folder.Open())
        {
            Assert.Equal((0, 0), (journal.Recovery.CutBytes, journal.Recovery.DamagedBytes));
        }

        Assert.Empty(UsageJournal.Salvage(_folder.Root, new UsageQuery()).Damage);
        Assert.Equal(ids.Select(UsageEvent.IdOf), UsageJournal.ReadEvents(_folder.Root).Select(static e => e.Id));
    }
}

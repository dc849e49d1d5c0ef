using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>What a process or a machine that ends within a write leaves behind.</summary>
public sealed class TornTailTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly RecordingLoggerProvider _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Journal_cut_anywhere_in_its_last_block_opens_with_all_before_it()
    {
        var (whole, start) = await WriteAsync();
        for (var length = start; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_folder.LastSegment, whole[..length], TestContext.Current.CancellationToken);

            await AssertOpensAsync(expected: 5, cut: length - start);
        }
    }

    [Fact]
    public async Task Journal_with_any_byte_of_its_last_block_changed_opens_with_all_before_it()
    {
        var (whole, start) = await WriteAsync();
        for (var at = start; at < whole.Length; at++)
        {
            var torn = (byte[])whole.Clone();
            torn[at] ^= 0x5A;
            await File.WriteAllBytesAsync(_folder.LastSegment, torn, TestContext.Current.CancellationToken);

            await AssertOpensAsync(expected: 5, cut: whole.Length - start);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task Zeros_behind_the_end_are_cut_off(int zeros)
    {
        var (whole, _) = await WriteAsync();
        await File.WriteAllBytesAsync(_folder.LastSegment, [.. whole, .. new byte[zeros]], TestContext.Current.CancellationToken);

        await AssertOpensAsync(expected: 6, cut: zeros);
    }

    [Fact]
    public async Task Cut_is_told_and_what_is_written_next_is_read()
    {
        var (whole, _) = await WriteAsync();
        await File.WriteAllBytesAsync(_folder.LastSegment, whole[..^1], TestContext.Current.CancellationToken);
        await using (var journal = _folder.Open(log: _log))
        {
            await journal.AppendAsync(JournalFolder.Event("next"), TestContext.Current.CancellationToken);
        }

        Assert.Contains(_log.Entries, static e => e.Message.Contains("cut off", StringComparison.Ordinal));
        Assert.Equal(6, _folder.Sum());
        await using var again = _folder.Open();
        Assert.Equal(0, again.Recovery.CutBytes);
    }

    [Fact]
    public async Task Segment_that_was_never_begun_is_begun_again()
    {
        await WriteAsync();
        var next = Path.Combine(_folder.Root, "events-0000000000000002");
        foreach (var bytes in new byte[][] { [], [1], new byte[100] })
        {
            await File.WriteAllBytesAsync(next, bytes, TestContext.Current.CancellationToken);
            await using (_folder.Open())
            {
                Assert.False(File.Exists(next));
            }
        }

        Assert.Equal(6, _folder.Sum());
    }

    [Fact]
    public async Task Segment_that_was_only_begun_is_told_when_it_is_cut_off()
    {
        await WriteAsync();
        await File.WriteAllBytesAsync(Path.Combine(_folder.Root, "events-0000000000000002"), new byte[100], TestContext.Current.CancellationToken);

        await using var journal = _folder.Open(log: _log);

        Assert.Contains(_log.Entries, static e => e.Message.Contains("100 bytes of segment 2 were cut off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)] // the only one
    [InlineData(2)]
    public async Task Newest_segment_of_which_nothing_can_be_read_is_set_aside_and_missed(int segment)
    {
        await _folder.WriteAsync(segment);
        var path = JournalFile.SegmentPath(_folder.Root, segment);
        await File.WriteAllBytesAsync(path, new byte[1000], TestContext.Current.CancellationToken); // longer than what a segment begins with
        await using (var journal = _folder.Open(log: _log))
        {
            Assert.Equal((segment + 1, 1000), (journal.Recovery.Segment, journal.Recovery.DamagedBytes));
            await journal.AppendAsync(JournalFolder.Event("next"), TestContext.Current.CancellationToken);
        }

        Assert.Contains(_log.Entries, static e => e.Message.Contains("cannot be read at all", StringComparison.Ordinal));
        Assert.Equal(1000, new FileInfo(path + JournalFile.Damaged).Length);
        Assert.Equal(((segment - 1) * 3) + 1, _folder.Sum());
        Assert.Equal(path + JournalFile.Damaged, Assert.Single(UsageJournal.Salvage(_folder.Root, new UsageQuery()).Damage).File); // told once
        await using var again = _folder.Open();
        Assert.Equal((segment + 1, 0), (again.Recovery.Segment, again.Recovery.DamagedBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task First_segment_that_was_never_begun_is_begun_again(int length)
    {
        Directory.CreateDirectory(_folder.Root);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Root, "events-0000000000000001"), new byte[length], TestContext.Current.CancellationToken);
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("first"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, _folder.Sum());
    }

    [Fact]
    public async Task Damage_in_the_middle_is_told_and_costs_its_block_alone()
    {
        var (whole, start) = await WriteAsync();
        whole[start - 5] ^= 1; // in the last block but one
        await File.WriteAllBytesAsync(_folder.LastSegment, whole, TestContext.Current.CancellationToken);

        await using var journal = _folder.Open(log: _log);

        Assert.Equal(0, journal.Recovery.CutBytes);
        Assert.True(journal.Recovery.DamagedBytes > 0);
        Assert.Contains(_log.Entries, static e => e.Message.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal(5, _folder.Sum());
    }

    private async Task AssertOpensAsync(int expected, long cut)
    {
        await using (var journal = _folder.Open())
        {
            Assert.Equal(cut, journal.Recovery.CutBytes);
        }

        Assert.Equal(expected, _folder.Sum());
    }

    /// <summary>Six events, each in a block of its own.</summary>
    /// <returns>The segment, and where its last block begins.</returns>
    private async Task<(byte[] Whole, int Start)> WriteAsync()
    {
        var start = 0L;
        await using (var journal = _folder.Open())
        {
            for (var i = 0; i < 6; i++)
            {
                start = new FileInfo(_folder.LastSegment).Length;
                await journal.AppendAsync(JournalFolder.Event($"{i}", meters: new MeterValue("tokens", i)), TestContext.Current.CancellationToken);
            }
        }

        return (await File.ReadAllBytesAsync(_folder.LastSegment, TestContext.Current.CancellationToken), (int)start);
    }
}

using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>A cursor that is opened again knows which block comes next, so that one which is gone from there is told.</summary>
public sealed class CursorPlaceTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 3)] // before the cursor's place, so that one that was brought is gone too
    [InlineData(1, 3)] // where the cursor stands
    [InlineData(2, 4)] // behind it
    public async Task Blocks_cut_off_a_segment_are_told_behind_a_restart_wherever_the_cursor_stood(int kept, int left)
    {
        await _folder.WriteAsync(segments: 3);
        var ends = _folder.BlockEnds(2); // of its head and of its three events
        await StandAtAsync(new(2, ends[1]));
        _folder.Cut(2, ends[kept]);

        var events = await ReadOnAsync();

        Assert.Equal(new JournalDamage(JournalDamageKind.CutShort, JournalFile.SegmentPath(_folder.Root, 2), ends[kept], 0), Assert.Single(events.Damage));
        Assert.Equal(left, events.HandedIn.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Blocks_taken_out_where_a_cursor_goes_on_are_told_behind_a_restart(int brought)
    {
        await _folder.WriteAsync(segments: 2);
        var (path, ends) = (JournalFile.SegmentPath(_folder.Root, 1), _folder.BlockEnds(1));
        await StandAtAsync(new(1, ends[brought]));
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, [.. whole[..(int)ends[brought]], .. whole[(int)ends[brought + 1]..]], TestContext.Current.CancellationToken);

        var events = await ReadOnAsync();

        Assert.Equal(new JournalDamage(JournalDamageKind.CutShort, path, ends[brought], 0), Assert.Single(events.Damage));
        Assert.Equal(5 - brought, events.HandedIn.Count);
    }

    [Fact]
    public async Task First_blocks_of_a_segment_that_is_gone_are_told_where_the_cursor_has_come_to_the_end_of_the_one_before()
    {
        await _folder.WriteAsync(segments: 3);
        await StandAtAsync(new(1, _folder.BlockEnds(1)[^1]));
        var (path, ends) = (JournalFile.SegmentPath(_folder.Root, 2), _folder.BlockEnds(2));
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole[(int)ends[1]..], TestContext.Current.CancellationToken);

        var events = await ReadOnAsync();

        Assert.Equal(JournalDamageKind.CutShort, Assert.Single(events.Damage).Kind);
        Assert.Equal(5, events.HandedIn.Count);
    }

    [Fact]
    public async Task Cut_of_what_was_brought_alone_is_no_damage_to_who_has_it()
    {
        await _folder.WriteAsync(segments: 3);
        await StandAtAsync(new(1, _folder.BlockEnds(1)[^1]));
        _folder.Cut(1, _folder.BlockEnds(1)[0]);

        Assert.Empty((await ReadOnAsync()).Damage);
    }

    [Fact]
    public async Task Place_that_was_brought_and_not_noted_as_when_the_process_was_killed_is_known_too()
    {
        await _folder.WriteAsync(segments: 3);
        await StandAtAsync(new(1, _folder.BlockEnds(1)[1]));
        var ends = _folder.BlockEnds(2);
        _folder.Cut(2, ends[2]);

        var events = await ReadOnAsync(from: new(2, ends[2]));

        Assert.Equal(ends[2], Assert.Single(events.Damage).Offset);
    }

    [Fact]
    public async Task Cursor_of_an_earlier_version_finds_out_which_block_comes_next()
    {
        await _folder.WriteAsync(segments: 3);
        var ends = _folder.BlockEnds(2);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Root, "cursor-elsewhere"), $"{Guid.NewGuid()} 2 {ends[1]}\n", TestContext.Current.CancellationToken);
        _folder.Cut(2, ends[1]);

        var events = await ReadOnAsync();

        Assert.Equal(ends[1], Assert.Single(events.Damage).Offset);
    }

    [Fact]
    public async Task What_a_journal_goes_on_with_that_lost_what_was_brought_is_read()
    {
        await _folder.WriteAsync(segments: 2);
        await StandAtAsync(new(2, _folder.BlockEnds(2)[^1]));
        _folder.Cut(2, _folder.BlockEnds(2)[1]);
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("longer", new string('x', 250)), TestContext.Current.CancellationToken);
            await journal.AppendAsync(JournalFolder.Event("next", new string('x', 250)), TestContext.Current.CancellationToken);
        }

        var events = await ReadOnAsync();

        Assert.Empty(events.Damage);
        Assert.Equal(2, events.HandedIn.Count);
    }

    [Fact]
    public async Task Whole_journal_has_no_damage_wherever_a_cursor_is_opened_again()
    {
        await _folder.WriteAsync(segments: 2);
        await _folder.WriteAsync(segments: 2);
        for (var segment = 1; segment <= 3; segment++)
        {
            foreach (var end in _folder.BlockEnds(segment).Skip(1)) // the first block has no event
            {
                await StandAtAsync(new(segment, end));
                Assert.Empty((await ReadOnAsync()).Damage);
            }
        }
    }

    /// <summary>Moves the cursor, in one process.</summary>
    private async Task StandAtAsync(JournalPosition place)
    {
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        var at = cursor.Position;
        while (at < place)
        {
            at = cursor.Read(at, 1).Next;
            cursor.MoveTo(at);
        }

        Assert.Equal(place, cursor.Position);
    }

    /// <summary>Goes on, in the next one.</summary>
    private async Task<JournalEvents> ReadOnAsync(JournalPosition? from = null)
    {
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        return cursor.Read(from ?? cursor.Position, 1_000);
    }
}

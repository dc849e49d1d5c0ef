using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>What a cursor cannot read is told with what it could: nothing that was used is left behind in silence.</summary>
public sealed class CursorDamageTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whole_journal_has_none_whatever_the_pieces_it_is_read_in()
    {
        for (var start = 0; start < 3; start++)
        {
            await _folder.WriteAsync(segments: 3);
        }

        for (var most = 1; most < 5; most++)
        {
            await using var journal = _folder.Open();
            var (clients, damage) = Read(journal.OpenCursor("elsewhere"), most);

            Assert.Equal((27, 0), (clients.Count, damage.Count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_byte_changed_in_a_segment_is_told_with_its_place_and_costs_its_block(int segment)
    {
        await _folder.WriteAsync(segments: 3);
        await using var journal = _folder.Open();
        var path = JournalFile.SegmentPath(_folder.Root, segment);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x20;
            await File.WriteAllBytesAsync(path, changed, TestContext.Current.CancellationToken);
            journal.RemoveCursor("elsewhere");

            var (clients, damage) = Read(journal.OpenCursor("elsewhere"), most: 1 + (at % 3));

            var place = Assert.Single(damage);
            Assert.Equal((JournalDamageKind.Unreadable, path), (place.Kind, place.File));
            Assert.InRange(at, place.Offset, place.Offset + place.Bytes - 1);
            Assert.InRange(clients.Count, 8, 9); // the first block of a segment has no event
        }
    }

    [Fact]
    public async Task Damage_comes_once_though_its_place_is_asked_for_again_until_the_cursor_has_passed_it()
    {
        await _folder.WriteAsync(segments: 2);
        Change(JournalFile.SegmentPath(_folder.Root, 1));
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");

        var (first, again) = (cursor.Read(cursor.Position, 100), cursor.Read(cursor.Position, 100));
        cursor.MoveTo(first.Next);

        Assert.Equal(Assert.Single(first.Damage), Assert.Single(again.Damage));
        Assert.Empty(cursor.Read(cursor.Position, 100).Damage);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Blocks_cut_off_a_segment_are_told_also_where_the_cut_is_where_a_piece_ends(int most)
    {
        await _folder.WriteAsync(segments: 3);
        await using var journal = _folder.Open();
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        var end = _folder.BlockEnds(2)[1];
        _folder.Cut(2, end);

        var (clients, damage) = Read(journal.OpenCursor("elsewhere"), most);

        Assert.Equal(new JournalDamage(JournalDamageKind.CutShort, path, end, 0), Assert.Single(damage));
        Assert.Equal(7, clients.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Segment_that_was_emptied_is_told(int length)
    {
        await _folder.WriteAsync(segments: 3);
        await using var journal = _folder.Open();
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        _folder.Cut(2, length);

        var (clients, damage) = Read(journal.OpenCursor("elsewhere"), most: 2);

        Assert.Equal(new JournalDamage(JournalDamageKind.CutShort, path, 0, length), Assert.Single(damage));
        Assert.Equal(6, clients.Count);
    }

    [Fact]
    public async Task Segment_that_is_not_there_between_others_is_told()
    {
        await _folder.WriteAsync(segments: 4);
        await using var journal = _folder.Open();
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        File.Delete(path);
        File.Delete(JournalFile.SegmentPath(_folder.Root, 3));

        var (clients, damage) = Read(journal.OpenCursor("elsewhere"), most: 100);

        Assert.Equal(new JournalDamage(JournalDamageKind.Missing, path, 0, 0) { Segments = 2 }, Assert.Single(damage));
        Assert.Equal(6, clients.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Segment_that_is_not_there_at_the_begin_is_told_and_no_sums_stand_for_it(int most)
    {
        await _folder.WriteAsync(segments: 3);
        await using var journal = _folder.Open();
        var path = JournalFile.SegmentPath(_folder.Root, 1);
        File.Delete(path);
        var cursor = journal.OpenCursor("elsewhere");

        Assert.Equal(0, cursor.Read(default, most).MissingSegments);
        var (clients, damage) = Read(cursor, most);

        Assert.Equal(new JournalDamage(JournalDamageKind.Missing, path, 0, 0), Assert.Single(damage));
        Assert.Equal(6, clients.Count);
    }

    [Fact]
    public async Task Segment_that_is_not_there_where_a_cursor_goes_on_is_told()
    {
        await _folder.WriteAsync(segments: 3);
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        cursor.MoveTo(new(2, 0));
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        File.Delete(path);

        var events = cursor.Read(cursor.Position, 100);

        Assert.Equal(new JournalDamage(JournalDamageKind.Missing, path, 0, 0), Assert.Single(events.Damage));
        Assert.Equal((0, 3), (events.MissingSegments, events.HandedIn.Count));
    }

    [Fact]
    public async Task Segment_that_is_not_there_behind_sums_is_told_beside_those_they_stand_for()
    {
        var time = new ManualTimeProvider();
        await using var journal = _folder.Open(time, static o => o.CompactAfter = TimeSpan.Zero);
        for (var i = 0; i < 2; i++)
        {
            await journal.AppendAsync(JournalFolder.Event($"{i}"), TestContext.Current.CancellationToken);
            await journal.RotateAsync();
        }

        time.Advance(TimeSpan.FromDays(1));
        await journal.CompactAsync();
        var cursor = journal.OpenCursor("elsewhere");
        await journal.AppendAsync(JournalFolder.Event("3"), TestContext.Current.CancellationToken);
        await journal.RotateAsync();
        await journal.AppendAsync(JournalFolder.Event("4"), TestContext.Current.CancellationToken);
        var path = JournalFile.SegmentPath(_folder.Root, 3);
        File.Delete(path);

        var events = cursor.Read(default, 100);

        Assert.Equal(2, events.MissingSegments);
        Assert.Equal(new JournalDamage(JournalDamageKind.Missing, path, 0, 0), Assert.Single(events.Damage));
        Assert.Single(events.HandedIn);
    }

    /// <summary>Everything that a cursor has, in pieces.</summary>
    private static (List<string> Clients, List<JournalDamage> Damage) Read(JournalCursor cursor, int most)
    {
        var (clients, damage) = (new List<string>(), new List<JournalDamage>());
        for (var events = cursor.Read(default, most); ; events = cursor.Read(events.Next, most))
        {
            clients.AddRange(events.HandedIn.Select(static e => e.Client));
            damage.AddRange(events.Damage);
            if (events.Next == cursor.End)
            {
                return (clients, damage);
            }
        }
    }

    private static void Change(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
    }
}

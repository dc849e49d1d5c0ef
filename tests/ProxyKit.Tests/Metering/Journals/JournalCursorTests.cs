using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class JournalCursorTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_are_read_in_their_order_over_segments_and_restarts()
    {
        var read = new List<string>();
        for (var start = 0; start < 3; start++)
        {
            await using var journal = _folder.Open();
            var cursor = journal.OpenCursor("elsewhere");
            for (var i = 0; i < 4; i++)
            {
                await journal.AppendAsync(JournalFolder.Event($"{start}-{i}", $"{start}-{i}"), TestContext.Current.CancellationToken);
                if (i == 1)
                {
                    await journal.RotateAsync();
                }
            }

            for (var events = cursor.Read(cursor.Position, 1); events.Next != cursor.Position; events = cursor.Read(cursor.Position, 1))
            {
                read.AddRange(events.HandedIn.Select(static e => e.Client));
                cursor.MoveTo(events.Next);
            }
        }

        Assert.Equal(Enumerable.Range(0, 3).SelectMany(static s => Enumerable.Range(0, 4).Select(i => $"{s}-{i}")), read);
    }

    [Fact]
    public async Task What_was_read_comes_again_until_the_cursor_is_moved()
    {
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);

        Assert.Equal(cursor.Read(cursor.Position, 10).HandedIn.Single().Id, cursor.Read(cursor.Position, 10).HandedIn.Single().Id);
    }

    [Fact]
    public async Task Place_that_cannot_be_noted_leaves_no_file()
    {
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        File.Delete(Path.Combine(_folder.Root, "cursor-elsewhere"));
        Directory.CreateDirectory(Path.Combine(_folder.Root, "cursor-elsewhere")); // where the place would be noted

        Assert.ThrowsAny<Exception>(() => cursor.MoveTo(cursor.End));

        Assert.Empty(Directory.GetFiles(_folder.Root, "cursor-*"));
        Assert.Equal(default, cursor.Position);
    }

    [Fact]
    public async Task Cursor_keeps_its_id_and_its_place_and_one_that_was_removed_begins_anew()
    {
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");
        cursor.MoveTo(cursor.End);
        var again = journal.OpenCursor("elsewhere");
        journal.RemoveCursor("elsewhere");
        var anew = journal.OpenCursor("elsewhere");

        Assert.Equal((cursor.Id, cursor.Position), (again.Id, again.Position));
        Assert.NotEqual(cursor.Id, anew.Id);
        Assert.Equal(default, anew.Position);
    }

    [Fact]
    public async Task Segments_behind_a_cursor_stay_until_it_has_passed_them()
    {
        var time = new ManualTimeProvider();
        await using var journal = _folder.Open(time, static o => o.CompactAfter = TimeSpan.FromDays(1));
        var cursor = journal.OpenCursor("elsewhere");
        await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);
        await journal.RotateAsync();
        time.Advance(TimeSpan.FromDays(3));
        await journal.CompactAsync();
        Assert.Empty(Directory.GetFiles(_folder.Root, "totals-*"));

        cursor.MoveTo(cursor.Read(cursor.Position, 10).Next);
        await journal.CompactAsync();

        Assert.Single(Directory.GetFiles(_folder.Root, "totals-*"));
    }

    [Fact]
    public async Task Segments_that_were_summed_up_before_are_told_as_missing()
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

        Assert.Equal(2, cursor.Read(cursor.Position, 10).MissingSegments);
    }

    [Fact]
    public async Task Closed_journal_can_be_read_to_its_end()
    {
        JournalCursor cursor;
        await using (var journal = _folder.Open())
        {
            cursor = journal.OpenCursor("elsewhere");
            await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);
        }

        Assert.Single(cursor.Read(cursor.Position, 10).HandedIn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("Upper")]
    public async Task Name_that_is_no_file_of_its_own_is_refused(string name)
    {
        await using var journal = _folder.Open();

        Assert.Throws<ArgumentException>(() => journal.OpenCursor(name));
    }

    [Fact]
    public async Task Damaged_cursor_is_refused_and_holds_everything()
    {
        await using var journal = _folder.Open();
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "cursor-elsewhere"), "?", TestContext.Current.CancellationToken);

        Assert.Throws<IOException>(() => journal.OpenCursor("elsewhere"));
        await Assert.ThrowsAsync<IOException>(journal.CompactAsync);
    }
}

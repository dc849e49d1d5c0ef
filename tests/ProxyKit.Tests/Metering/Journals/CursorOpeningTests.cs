using ProxyKit.Metering.Journals;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>A cursor knows which process wrote what, also where an older state of the journal was put back.</summary>
public sealed class CursorOpeningTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parts_are_what_each_process_wrote_also_where_it_did_not_ask_for_the_cursor()
    {
        var ends = new List<JournalPosition>();
        for (var start = 0; start < 3; start++)
        {
            await using var journal = _folder.Open();
            var cursor = start == 1 ? null : journal.OpenCursor("elsewhere");
            ends.Add(journal.SafeEnd);
            await journal.AppendAsync(JournalFolder.Event($"{start}"), TestContext.Current.CancellationToken);
            Assert.Equal(journal.SafeEnd, cursor?.Parts[^1].End ?? journal.SafeEnd);
        }

        await using var last = _folder.Open();
        var read = last.OpenCursor("elsewhere");
        var parts = read.Parts;

        Assert.Equal((read.Id, default), (parts[0].Id, parts[0].Start));
        Assert.Equal([.. ends, last.SafeEnd], parts.Select(static p => p.Start).Skip(1));
        Assert.Equal([.. parts.Select(static p => p.Start).Skip(1), last.SafeEnd], parts.Select(static p => p.End));
        Assert.Equal(parts.Count, parts.DistinctBy(static p => p.Id).Count());
    }

    [Fact]
    public async Task Reading_stays_within_a_part()
    {
        var end = await WriteAsync("1");
        await WriteAsync("2");
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");

        var read = cursor.Parts.Select(p => cursor.Read(p, p.Start, most: 10)).ToArray();

        Assert.Equal([0, 1, 1, 0], read.Select(static r => r.Recorded.Count + r.HandedIn.Count));
        Assert.Equal(end, read[1].Next);
        Assert.Equal(2, cursor.Read(default, most: 10) is var all ? all.Recorded.Count + all.HandedIn.Count : 0);
    }

    [Fact]
    public async Task Processes_that_wrote_nothing_make_no_parts()
    {
        await WriteAsync("1");
        for (var start = 0; start < 5; start++)
        {
            await using var journal = _folder.Open();
        }

        await using var last = _folder.Open();

        Assert.Equal(3, last.OpenCursor("elsewhere").Parts.Count);
    }

    [Fact]
    public async Task Parts_are_known_as_long_as_one_of_their_events_is_there()
    {
        for (var start = 0; start < 5; start++)
        {
            await using var journal = _folder.Open(configure: static o => o.CompactAfter = TimeSpan.Zero);
            var cursor = journal.OpenCursor("elsewhere");
            await journal.AppendAsync(JournalFolder.Event($"{start}"), TestContext.Current.CancellationToken);
            if (start == 2)
            {
                await journal.RotateAsync();
                await journal.AppendAsync(JournalFolder.Event("behind"), TestContext.Current.CancellationToken);
            }

            cursor.MoveTo(journal.SafeEnd);
            await journal.CompactAsync();
        }

        await using var last = _folder.Open();
        var parts = last.OpenCursor("elsewhere").Parts;

        Assert.Equal([1, 2, 2, 2], parts.Select(static p => p.Start.Segment)); // the third one wrote to both segments
    }

    [Fact]
    public async Task Place_is_noted_beside_what_the_next_process_has_noted_meanwhile()
    {
        JournalCursor left;
        await using (var journal = _folder.Open())
        {
            left = journal.OpenCursor("elsewhere");
            await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);
        }

        await using (var next = _folder.Open())
        {
            await next.AppendAsync(JournalFolder.Event("2"), TestContext.Current.CancellationToken);
        }

        left.MoveTo(left.End);

        await using var last = _folder.Open();
        Assert.Equal(4, last.OpenCursor("elsewhere").Parts.Count);
        Assert.Equal(left.End, last.OpenCursor("elsewhere").Position);
    }

    [Fact]
    public async Task State_that_was_put_back_has_no_part_of_what_is_not_there()
    {
        var end = await WriteAsync("1");
        await WriteAsync("2");
        var path = Path.Combine(_folder.Root, "cursor-elsewhere");
        var words = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).TrimEnd('\n');
        await File.WriteAllTextAsync(path, $"{words}\n{Guid.NewGuid()} 9 0\n".Replace(" 0 0 0\n", " 9 0 7\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using var journal = _folder.Open();
        var cursor = journal.OpenCursor("elsewhere");

        Assert.Equal(journal.SafeEnd, cursor.Position); // that nothing is summed up before it is brought
        Assert.Equal([default, cursor.Parts[1].Start, end, journal.SafeEnd], cursor.Parts.Select(static p => p.Start));
    }

    [Fact]
    public async Task Cursor_of_an_earlier_version_has_a_part_of_its_own_for_all_before()
    {
        await WriteAsync("1");
        var id = Guid.NewGuid();
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "cursor-elsewhere"), $"{id} 1 0 0\n", TestContext.Current.CancellationToken);
        await using var journal = _folder.Open();
        var parts = journal.OpenCursor("elsewhere").Parts;

        Assert.Equal(new JournalPart(id, default, journal.SafeEnd), parts[0]);
        Assert.Equal(2, parts.Count);
    }

    [Fact]
    public async Task Cursor_that_cannot_be_read_keeps_no_journal_from_opening()
    {
        await WriteAsync("1");
        var path = Path.Combine(_folder.Root, "cursor-elsewhere");
        await File.AppendAllTextAsync(path, "no opening\n", TestContext.Current.CancellationToken);
        var log = new ProxyKit.Testing.RecordingLoggerProvider();
        await using var journal = _folder.Open(log: log);

        Assert.Single(log.Entries, e => e.Message.Contains(path, StringComparison.Ordinal));
        Assert.Throws<IOException>(() => journal.OpenCursor("elsewhere"));
    }

    /// <summary>One process's time.</summary>
    /// <returns>The journal's end.</returns>
    private async Task<JournalPosition> WriteAsync(string id)
    {
        await using var journal = _folder.Open();
        journal.OpenCursor("elsewhere");
        await journal.AppendAsync(JournalFolder.Event(id), TestContext.Current.CancellationToken);
        return journal.SafeEnd;
    }
}

using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>Usage that was written and cannot be read: no bill is made of the rest in silence.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly JournalFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Noon);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whole_journal_has_no_damage_whatever_happened_to_it()
    {
        await WriteAsync(segments: 5);
        await WriteAsync(segments: 5); // opened again
        await using (var journal = Open())
        {
            await journal.RotateAsync();
            await journal.RotateAsync();
            _time.Advance(TimeSpan.FromHours(2));
            await journal.CompactAsync();
            await AppendAsync(journal, "late");
        }

        var usage = Salvage();

        Assert.Empty(usage.Damage);
        Assert.Equal((0, 31), (usage.UnfinishedBytes, _folder.Sum()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_byte_changed_in_a_segment_is_told_with_its_place(int segment)
    {
        await WriteAsync(segments: 3);
        var path = JournalFile.SegmentPath(_folder.Root, segment);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var last = LastBlockOf(path);
        for (var at = 0; at < (segment == 3 ? last : whole.Length); at += 3)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x20;
            await File.WriteAllBytesAsync(path, changed, TestContext.Current.CancellationToken);

            var place = Assert.Single(Salvage().Damage);
            Assert.Equal((JournalDamageKind.Unreadable, path), (place.Kind, place.File));
            Assert.InRange(at, place.Offset, place.Offset + place.Bytes - 1);
        }
    }

    [Fact]
    public async Task Totals_of_a_damaged_journal_are_refused_with_all_places()
    {
        await WriteAsync(segments: 3);
        Change(JournalFile.SegmentPath(_folder.Root, 1));
        Change(JournalFile.SegmentPath(_folder.Root, 2));

        var refused = Assert.Throws<InvalidDataException>(() => UsageJournal.ReadTotals(_folder.Root, new UsageQuery()));

        Assert.Contains("events-0000000000000001: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("events-0000000000000002: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Segment_that_was_emptied_is_damage_unless_it_is_the_newest(int length)
    {
        await WriteAsync(segments: 3);
        var (middle, newest) = (JournalFile.SegmentPath(_folder.Root, 2), JournalFile.SegmentPath(_folder.Root, 3));
        Cut(newest, length);
        var begun = Salvage().Damage;
        await WriteAsync(segments: 2);
        Cut(middle, length);

        Assert.Empty(begun);
        var place = Assert.Single(Salvage().Damage);
        Assert.Equal((JournalDamageKind.CutShort, middle, 0), (place.Kind, place.File, place.Offset));
    }

    [Fact]
    public async Task Segment_that_was_cut_between_blocks_is_damage()
    {
        await WriteAsync(segments: 3);
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        var end = LastBlockOf(path);
        Cut(path, end);

        Assert.Equal(new JournalDamage(JournalDamageKind.CutShort, path, end, 0), Assert.Single(Salvage().Damage));
    }

    [Fact]
    public async Task Segment_that_is_not_there_is_damage_also_once_the_others_are_summed_up()
    {
        await WriteAsync(segments: 40);
        File.Delete(JournalFile.SegmentPath(_folder.Root, 2));
        JournalDamage[] expected = [new(JournalDamageKind.Missing, JournalFile.SegmentPath(_folder.Root, 2), 0, 0)];
        Assert.Equal(expected, Salvage().Damage);
        await using var journal = Open();
        _time.Advance(TimeSpan.FromHours(2));

        await journal.CompactAsync();

        Assert.Equal(expected, Salvage().Damage);
        Assert.Equal(117, _folder.Sum());
        Assert.InRange(Directory.GetFiles(_folder.Root, "totals-*").Length, 2, 17);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_is_told_also_once_the_rest_is_summed_up(bool isCut)
    {
        await WriteAsync(segments: 3);
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        if (isCut)
        {
            Cut(path, LastBlockOf(path));
        }
        else
        {
            Change(path);
        }

        var before = Salvage();
        await using var journal = Open();
        _time.Advance(TimeSpan.FromHours(2));

        await journal.CompactAsync();

        var place = Assert.Single(Salvage().Damage);
        Assert.Equal(before.Damage[0] with { File = path + ".damaged" }, place);
        Assert.Equal(before.Totals, Salvage().Totals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_is_told_also_by_who_starts_behind_a_process_that_ended_while_it_summed_up(bool isCut)
    {
        await WriteAsync(segments: 3);
        var path = JournalFile.SegmentPath(_folder.Root, 2);
        if (isCut)
        {
            Cut(path, LastBlockOf(path)); // only the segment behind it says that something is not there
        }
        else
        {
            Change(path);
        }

        await using (var journal = Open())
        {
            _time.Advance(TimeSpan.FromHours(2));
            await journal.CompactAsync();
        }

        var expected = Salvage().Damage;
        File.Move(path + ".damaged", path); // as if it had ended between the sums and the moving

        await using (Open())
        {
            Assert.Equal(expected, Salvage().Damage);
        }

        Assert.Equal(path + ".damaged", Assert.Single(expected).File);
    }

    [Fact]
    public async Task Damaged_sums_are_told_and_the_rest_counts()
    {
        await WriteAsync(segments: 3);
        await using var journal = Open();
        _time.Advance(TimeSpan.FromHours(2));
        await journal.CompactAsync();
        var path = JournalFile.TotalsPath(_folder.Root, 2, 2);
        Change(path);

        var place = Assert.Single(Salvage().Damage);

        Assert.Equal((JournalDamageKind.Unreadable, path, 0), (place.Kind, place.File, place.Offset));
        Assert.Equal(6, _folder.Sum());
    }

    [Fact]
    public async Task Write_that_was_not_finished_is_no_damage()
    {
        await WriteAsync(segments: 2);
        var newest = _folder.LastSegment;
        await File.AppendAllBytesAsync(newest, new byte[7], TestContext.Current.CancellationToken);

        var usage = Salvage();

        Assert.Empty(usage.Damage);
        Assert.Equal(7, usage.UnfinishedBytes);
    }

    [Fact]
    public async Task Reader_beside_a_writer_that_rotates_and_compacts_finds_no_damage()
    {
        await using var journal = _folder.Open(configure: static o => o.CompactAfter = TimeSpan.Zero);
        using var ends = new CancellationTokenSource();
        var reading = Task.Run(
            () =>
            {
                while (!ends.IsCancellationRequested)
                {
                    Assert.Empty(Salvage().Damage);
                }
            },
            TestContext.Current.CancellationToken);
        for (var segment = 0; segment < 30; segment++)
        {
            await AppendAsync(journal, $"{segment}");
            await journal.RotateAsync();
            await journal.CompactAsync();
        }

        await ends.CancelAsync();
        await reading;
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(length);
    }

    private static void Change(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = JournalBlock.HeadBytes + 3;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0xFF));
    }

    private static long LastBlockOf(string path)
    {
        using var reader = new BlockReader(path);
        var last = 0L;
        for (var at = reader.Position; reader.TryRead(); at = reader.Position)
        {
            last = at;
        }

        return last;
    }

    private static async Task AppendAsync(UsageJournal journal, string id) =>
        await journal.AppendAsync(JournalFolder.Event(id), TestContext.Current.CancellationToken);

    private SalvagedUsage Salvage() => UsageJournal.Salvage(_folder.Root, new UsageQuery());

    private UsageJournal Open() => _folder.Open(_time, static o => o.CompactAfter = TimeSpan.FromHours(1));

    /// <summary>Three events in each segment, each in a block of its own.</summary>
    private async Task WriteAsync(int segments)
    {
        await using var journal = Open();
        for (var segment = 0; segment < segments; segment++)
        {
            if (segment > 0)
            {
                await journal.RotateAsync();
            }

            for (var i = 0; i < 3; i++)
            {
                await AppendAsync(journal, Guid.NewGuid().ToString());
            }
        }
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class JournalCompactionTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly JournalFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Noon);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Totals_are_the_same_before_and_behind_a_compaction()
    {
        await using var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.FromHours(1));
        await FillAsync(journal, segments: 40);
        var before = _folder.Totals();
        _time.Advance(TimeSpan.FromHours(2));

        await journal.CompactAsync();

        Assert.Equal(before, _folder.Totals());
        Assert.Single(Directory.GetFiles(_folder.Root, "events-*"));
        Assert.True(Directory.GetFiles(_folder.Root, "totals-*").Length <= 16);
    }

    [Fact]
    public async Task Segments_that_are_young_stay()
    {
        await using var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.FromHours(1));
        await FillAsync(journal, segments: 2);
        _time.Advance(TimeSpan.FromMinutes(59));

        await journal.CompactAsync();

        Assert.Empty(Directory.GetFiles(_folder.Root, "totals-*"));
    }

    /// <summary>Segments that a clock dated that was ahead are as old as the next one, and keep those behind them no longer than it does.</summary>
    [Fact]
    public async Task Segments_that_seem_to_be_of_the_future_are_summed_up_in_their_turn()
    {
        await using var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.FromHours(1));
        _time.Shift(TimeSpan.FromDays(3660));
        await FillAsync(journal, segments: 2); // and a third is begun
        _time.Shift(TimeSpan.FromDays(-3660));
        await journal.RotateAsync();
        await FillAsync(journal, segments: 2);
        var before = _folder.Totals();
        _time.Advance(TimeSpan.FromMinutes(59));
        await journal.CompactAsync();
        Assert.Empty(Directory.GetFiles(_folder.Root, "totals-*"));
        _time.Advance(TimeSpan.FromMinutes(2));

        await journal.CompactAsync();

        Assert.Single(Directory.GetFiles(_folder.Root, "events-*"));
        Assert.Equal(before, _folder.Totals());
    }

    [Fact]
    public async Task Sums_that_cannot_be_read_keep_others_from_nothing()
    {
        // Nothing is old enough while there are more to come, and no segment ends by its age.
        await using var journal = _folder.Open(_time, static o => (o.CompactAfter, o.SegmentAge) = (TimeSpan.FromHours(1), TimeSpan.FromDays(1)));
        await FillAsync(journal, segments: 10);
        _time.Advance(TimeSpan.FromHours(2));
        await journal.CompactAsync();
        var damaged = JournalFile.TotalsPath(_folder.Root, 3, 3);
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        await FillAsync(journal, segments: 30, first: 10);
        var before = UsageJournal.Salvage(_folder.Root, new UsageQuery());
        Assert.NotEmpty(before.Damage);
        _time.Advance(TimeSpan.FromHours(2));

        await journal.CompactAsync();
        await journal.CompactAsync();

        Assert.Equal(
            ["totals-0000000000000001-0000000000000001", "totals-0000000000000002-0000000000000002", "totals-0000000000000003-0000000000000003", "totals-0000000000000004-0000000000000040"],
            Directory.GetFiles(_folder.Root, "totals-*").Select(Path.GetFileName).Order(StringComparer.Ordinal)); // nor is anything left of what was tried
        var behind = UsageJournal.Salvage(_folder.Root, new UsageQuery());
        Assert.Equal(before.Totals, behind.Totals);
        Assert.Equal(before.Damage, behind.Damage);
    }

    [Fact]
    public async Task Sums_that_cannot_be_read_are_told_once_and_not_tried_again()
    {
        using var log = new RecordingLoggerProvider();
        await using var journal = _folder.Open(_time, static o => (o.CompactAfter, o.SegmentAge) = (TimeSpan.FromHours(1), TimeSpan.FromDays(1)), log);
        await FillAsync(journal, segments: 10);
        _time.Advance(TimeSpan.FromHours(2));
        await journal.CompactAsync();
        var damaged = JournalFile.TotalsPath(_folder.Root, 5, 5);
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        await FillAsync(journal, segments: 10, first: 10);
        _time.Advance(TimeSpan.FromHours(2));
        await journal.CompactAsync(); // too many altogether, and on neither side
        Assert.Equal(20, Directory.GetFiles(_folder.Root, "totals-*").Length);

        using (new FileStream(damaged, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            await journal.CompactAsync(); // which could not open it
        }

        Assert.Equal(damaged, Assert.Single(log.Entries, static e => e.Id.Id == 15)["File"]);
    }

    [Fact]
    public async Task Process_that_ended_between_sums_and_deletion_counts_nothing_twice()
    {
        await using (var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.Zero))
        {
            await FillAsync(journal, segments: 3);
            var kept = Directory.GetFiles(_folder.Root, "events-*").ToDictionary(static p => p, File.ReadAllBytes);
            var before = _folder.Totals();
            _time.Advance(TimeSpan.FromSeconds(1));
            await journal.CompactAsync();
            foreach (var (path, bytes) in kept.Where(static k => !File.Exists(k.Key)))
            {
                await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken); // as if they had not been deleted
            }

            Assert.Equal(before, _folder.Totals());
        }

        await using var reopened = _folder.Open(_time);
        Assert.Single(Directory.GetFiles(_folder.Root, "events-*")); // deleted at last
    }

    [Fact]
    public async Task Late_events_stay_corrections_behind_a_compaction()
    {
        await using var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.Zero);
        await journal.ClosePeriodAsync(Noon);
        await journal.AppendAsync(JournalFolder.Event("1", at: Noon.AddHours(-3)), TestContext.Current.CancellationToken);
        await journal.RotateAsync();
        await journal.AppendAsync(JournalFolder.Event("2", at: Noon.AddHours(-3)), TestContext.Current.CancellationToken);
        await journal.RotateAsync();
        var before = _folder.Totals();
        _time.Advance(TimeSpan.FromSeconds(1));

        await journal.CompactAsync();

        Assert.Equal(before, _folder.Totals());
        Assert.All(before, static t => Assert.Equal((Noon, Noon.AddHours(-3)), (t.From, t.CorrectsHour!.Value)));
    }

    [Fact]
    public async Task Reader_beside_a_compacting_writer_always_sees_every_event_once()
    {
        await using var journal = _folder.Open(configure: static o => o.CompactAfter = TimeSpan.Zero);
        using var ends = new CancellationTokenSource();
        var reading = Task.Run(
            () =>
            {
                var seen = 0L;
                while (!ends.IsCancellationRequested)
                {
                    var now = _folder.Sum();
                    Assert.True(now >= seen && now <= 30 * 20, $"{seen} requests, then {now}");
                    seen = now;
                }
            },
            TestContext.Current.CancellationToken);
        for (var segment = 0; segment < 30; segment++)
        {
            await journal.WriteAsync([.. Enumerable.Range(0, 20).Select(n => JournalFolder.Event($"{segment}-{n}"))], TestContext.Current.CancellationToken);
            await journal.RotateAsync();
            await journal.CompactAsync();
        }

        await ends.CancelAsync();
        await reading;
        Assert.Equal(30 * 20, _folder.Sum());
    }

    [Fact]
    public async Task Sums_that_are_too_large_for_a_record_are_kept_whole_and_keep_nobody_waiting()
    {
        using (var writer = new JournalWriter(_folder.Root, new UsageJournalOptions(), NullLogger.Instance, _time))
        {
            for (var segment = 0; segment < 18; segment++) // more than there are files of sums
            {
                Write(writer, JournalFolder.Event($"{segment}", at: Noon, meters: new MeterValue("big", long.MaxValue)));
                Write(writer, JournalFolder.Event($"{segment} too", at: Noon, meters: new MeterValue("big", long.MaxValue)));
                Write(writer, JournalFolder.Event($"{segment} of another", "zeta", at: Noon));
                writer.Rotate();
            }
        }

        await using var journal = _folder.Open(_time, static o => o.CompactAfter = TimeSpan.Zero);
        var before = _folder.Totals();
        _time.Advance(TimeSpan.FromSeconds(1));
        await journal.CompactAsync();

        Assert.Single(Directory.GetFiles(_folder.Root, "totals-*"));
        Assert.Equal(before, _folder.Totals());
        Assert.Equal((long.MaxValue, 18), (_folder.Sum("big"), _folder.Sum(client: "zeta")));

        await journal.DisposeAsync();
        using (var writer = new JournalWriter(_folder.Root, new UsageJournalOptions(), NullLogger.Instance, _time))
        {
            for (var i = 0; i < 35; i++)
            {
                Write(writer, JournalFolder.Event($"refund {i}", at: Noon, meters: new MeterValue("big", -long.MaxValue)));
            }

            Write(writer, JournalFolder.Event("refund", at: Noon, meters: new MeterValue("big", -7)));
        }

        Assert.Equal(long.MaxValue - 7, _folder.Sum("big")); // nothing of it was cut off on the way
    }

    [Fact]
    public void Sums_of_which_some_cannot_be_read_leave_no_file_open()
    {
        var open = 0;

        Assert.Throws<InvalidDataException>(() => JournalCompaction.Merge([Source(3), Source(1), Source(3)]).Count());

        Assert.Equal(0, open);

        IEnumerable<KeyValuePair<UsageKey, long>> Source(int whole)
        {
            open++;
            try
            {
                for (var i = 0; i < 3; i++)
                {
                    yield return i < whole ? new(new UsageKey(i, null, "acme", "gold", "requests"), 1) : throw new InvalidDataException("damaged");
                }
            }
            finally
            {
                open--;
            }
        }
    }

    [Fact]
    public async Task Journal_is_nobody_elses_until_its_compaction_is_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of a name is needed, which a reader waits for.");
        var journal = _folder.Open(_time);
        var pipe = Path.Combine(_folder.Root, "cursor-slow");
        using (var made = Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var compacting = journal.CompactAsync(); // which asks all cursors how far they are
        var closing = journal.DisposeAsync().AsTask();
        for (var i = 0; i < 20; i++)
        {
            Assert.Throws<IOException>(() => _folder.Open(_time));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await using (var told = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            await told.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{Guid.NewGuid()} 1 0 0\n"), TestContext.Current.CancellationToken);
        }

        await compacting.InTimeAsync();
        await closing.InTimeAsync();
        File.Delete(pipe);
        await _folder.Open(_time).DisposeAsync();
    }

    private static void Write(JournalWriter writer, UsageEvent e)
    {
        var batch = new UsageBatch();
        var record = new byte[UsageRecord.MaxBytes];
        Assert.True(batch.TryAdd(record.AsSpan(0, UsageRecord.Write(e, record)), null, limit: 1024 * 1024));
        writer.Write([batch]);
    }

    private static async Task FillAsync(UsageJournal journal, int segments, int first = 0)
    {
        for (var segment = first; segment < first + segments; segment++)
        {
            await journal.WriteAsync(
                [.. Enumerable.Range(0, 10).Select(n => JournalFolder.Event(
                    $"{segment}-{n}", $"client {n % 3}", at: Noon.AddHours(-(segment % 5)), meters: new MeterValue("tokens", segment - 20)))],
                TestContext.Current.CancellationToken);
            await journal.RotateAsync();
        }
    }
}

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

    private static async Task FillAsync(UsageJournal journal, int segments)
    {
        for (var segment = 0; segment < segments; segment++)
        {
            await journal.WriteAsync(
                [.. Enumerable.Range(0, 10).Select(n => JournalFolder.Event(
                    $"{segment}-{n}", $"client {n % 3}", at: Noon.AddHours(-(segment % 5)), meters: new MeterValue("tokens", segment - 20)))],
                TestContext.Current.CancellationToken);
            await journal.RotateAsync();
        }
    }
}

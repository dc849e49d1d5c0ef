using Microsoft.Extensions.Logging;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;
using ProxyKit.Tests.Metering.Quotas;

namespace ProxyKit.Tests.Metering;

/// <summary>What a user's log throws changes nothing about what is written.</summary>
public sealed class ThrowingLogTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly RecordingLoggerProvider _inner = new();

    public void Dispose()
    {
        _folder.Dispose();
        _inner.Dispose();
    }

    [Theory]
    [InlineData(LogLevel.Error)] // that the store fails
    [InlineData(LogLevel.Warning)] // that it is back
    public async Task Store_that_is_back_gets_each_event_once(LogLevel level)
    {
        var store = new FailingStore { Fails = true };
        using var log = new ThrowingLog(_inner, l => l == level);
        await using var stores = new UsageStores(log, _time);
        var recorder = stores.Find(new MeteringOptions { Store = store }, out _)!.Recorder; // named, so there is one
        var ticket = new UsageTicket(UsageRecord.MaxBytes);
        ticket.Length = UsageRecord.Write(JournalFolder.Event("1"), ticket.Room);

        Assert.False(await recorder.AddAsync(ticket, untilSafe: true).InTimeAsync());
        store.Fails = false;
        await AdvanceUntilAsync(() => recorder.Written == 1);
        await recorder.FlushAsync().InTimeAsync();

        Assert.Equal([UsageEvent.IdOf("1")], store.Ids);
    }

    [Fact]
    public async Task Event_that_is_lost_ends_nothing_but_itself()
    {
        var store = new FailingStore { Fails = true };
        using var log = new ThrowingLog(_inner, static _ => true);
        await using (var stores = new UsageStores(log, _time))
        {
            var recorder = stores.Find(new MeteringOptions { Store = store }, out _)!.Recorder; // named, so there is one
            var ticket = new UsageTicket(UsageRecord.MaxBytes);
            ticket.Length = UsageRecord.Write(JournalFolder.Event("1"), ticket.Room);
            Assert.False(await recorder.AddAsync(ticket, untilSafe: true).InTimeAsync());
        }

        Assert.Empty(store.Ids);
    }

    [Fact]
    public async Task Journal_opens_and_can_be_opened_again()
    {
        using var log = new ThrowingLog(_inner, static _ => true);
        for (var time = 1; time <= 2; time++)
        {
            await using var journal = UsageJournal.Open(_folder.Root, loggerFactory: log, timeProvider: _time);
            Assert.True(await journal.AppendAsync(JournalFolder.Event($"{time}"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(2, _folder.Sum());
    }

    [Fact]
    public async Task Segment_that_cannot_be_begun_has_no_event_written_twice()
    {
        var options = new UsageJournalOptions { SegmentAge = TimeSpan.FromMinutes(1) };
        using var log = new ThrowingLog(_inner, static level => level == LogLevel.Error);
        await using (var journal = UsageJournal.Open(_folder.Root, options, log, _time))
        {
            Directory.CreateDirectory(JournalFile.SegmentPath(_folder.Root, 2)); // where the next one would be
            _time.Advance(TimeSpan.FromMinutes(2));

            Assert.True(await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken).AsTask().InTimeAsync());
        }

        Assert.Single(UsageJournal.ReadEvents(_folder.Root));
    }

    private async Task AdvanceUntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 10_000 && !holds(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken); // the writer's thread is none of the clock's
        }

        Assert.True(holds());
    }

    private sealed class FailingStore : IUsageStore
    {
        public volatile bool Fails;

        public List<Guid> Ids { get; } = [];

        public ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default)
        {
            if (Fails)
            {
                throw new IOException("away");
            }

            Ids.AddRange(events.Select(static e => e.Id));
            return default;
        }

        public ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default) => new([]);
    }
}

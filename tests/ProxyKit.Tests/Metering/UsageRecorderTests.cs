using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Metering;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering;

public sealed class UsageRecorderTests : IDisposable
{
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly FakeSink _sink = new();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public async Task Batched_events_are_written_when_their_interval_is_over()
    {
        await using var recorder = Create();
        Assert.True(await recorder.AddAsync(Ticket(recorder), untilSafe: false));
        Assert.Equal(0, recorder.Written);

        _time.Advance(TimeSpan.FromMilliseconds(100));

        await _sink.Written.InTimeAsync();
        Assert.Equal(1, _sink.Events);
    }

    [Fact]
    public async Task Event_that_comes_after_the_end_is_told_to_be_lost()
    {
        var recorder = Create();
        var ticket = Ticket(recorder);
        await recorder.DisposeAsync();

        Assert.False(await recorder.AddAsync(ticket, untilSafe: true).InTimeAsync());

        Assert.Equal(1, recorder.Lost);
    }

    [Fact]
    public async Task Event_that_is_waited_for_is_written_without_the_clock()
    {
        await using var recorder = Create();

        Assert.True(await recorder.AddAsync(Ticket(recorder), untilSafe: true).InTimeAsync());

        Assert.Equal(1, _sink.Events);
    }

    [Fact]
    public async Task Those_who_come_during_a_write_share_the_next_one()
    {
        await using var recorder = Create();
        _sink.Hold();
        var first = recorder.AddAsync(Ticket(recorder), untilSafe: true).AsTask();
        await _sink.Entered.InTimeAsync();
        var others = Enumerable.Range(0, 100).Select(_ => recorder.AddAsync(Ticket(recorder), untilSafe: true).AsTask()).ToList();

        _sink.Release();

        Assert.True(await first.InTimeAsync());
        Assert.All(await Task.WhenAll(others).InTimeAsync(), Assert.True);
        Assert.Equal((101, 2), (_sink.Events, _sink.Writes));
    }

    [Fact]
    public async Task Disposal_writes_what_is_there()
    {
        var recorder = Create();
        await recorder.AddAsync(Ticket(recorder), untilSafe: false);

        await recorder.DisposeAsync();

        Assert.Equal((1, true), (_sink.Events, _sink.IsDisposed));
    }

    [Fact]
    public async Task Full_buffers_have_the_next_event_wait_until_there_is_room()
    {
        await using var recorder = Create(maxBuffered: 64 * 1024);
        _sink.Hold();
        _ = recorder.AddAsync(Ticket(recorder), untilSafe: true).AsTask();
        await _sink.Entered.InTimeAsync();
        var added = 1;
        Task<bool> last;
        do
        {
            added++;
            last = recorder.AddAsync(Ticket(recorder), untilSafe: false).AsTask();
        }
        while (last.IsCompleted && added < 100_000);

        Assert.False(last.IsCompleted);
        _sink.Release();

        Assert.True(await last.InTimeAsync());
        await recorder.FlushAsync();
        Assert.Equal((added, 0L), (_sink.Events, recorder.Lost));
    }

    [Fact]
    public async Task Store_that_fails_refuses_those_who_wait_and_gets_the_events_later()
    {
        await using var recorder = Create();
        _sink.Failure = new IOException("no space");

        Assert.False(await recorder.AddAsync(Ticket(recorder), untilSafe: true).InTimeAsync());
        Assert.False(await recorder.AddAsync(Ticket(recorder), untilSafe: true).InTimeAsync());
        Assert.True(await recorder.AddAsync(Ticket(recorder), untilSafe: false).InTimeAsync());
        _sink.Failure = null;
        await RecoverAsync(recorder);

        Assert.Equal((3, 0L), (_sink.Events, recorder.Lost));
    }

    [Fact]
    public async Task Store_that_has_failed_for_long_is_tried_three_times_at_the_end()
    {
        var recorder = Create();
        _sink.FailUntil = int.MaxValue;
        Assert.False(await recorder.AddAsync(Ticket(recorder), untilSafe: true).InTimeAsync());
        while (_sink.Attempts < 5)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        _sink.FailUntil = _sink.Attempts + 2;
        await recorder.DisposeAsync().AsTask().InTimeAsync();

        Assert.Equal((1, 0L), (_sink.Events, recorder.Lost));
    }

    [Fact]
    public async Task Wait_for_room_that_is_given_up_keeps_its_event()
    {
        await using var recorder = Create(maxBuffered: 64 * 1024);
        _sink.Hold();
        _ = recorder.AddAsync(Ticket(recorder), untilSafe: true).AsTask();
        await _sink.Entered.InTimeAsync();
        var added = 1;
        UsageTicket ticket;
        Task<bool> last;
        do
        {
            added++;
            ticket = Ticket(recorder);
            last = recorder.AddAsync(ticket, untilSafe: false).AsTask();
        }
        while (last.IsCompleted && added < 100_000);

        Assert.True(ticket.Tell(isSafe: false)); // it waits, and its exchange is killed
        Assert.False(SpinWait.SpinUntil(() => last.IsCompleted, TimeSpan.FromMilliseconds(20)));
        _sink.Release();

        Assert.False(await last.InTimeAsync());
        await recorder.FlushAsync().InTimeAsync();
        Assert.Equal((added, 0L, false), (_sink.Events, recorder.Lost, ticket.IsLost));
    }

    [Fact]
    public async Task Work_that_waits_for_a_write_that_fails_is_given_up_at_once()
    {
        await using var recorder = Create();
        var isDone = false;
        _sink.Hold(); // so that all of it waits for one write
        var first = recorder.AddAsync(Ticket(recorder), untilSafe: true).AsTask();
        await _sink.Entered.InTimeAsync();
        await recorder.AddAsync(Ticket(recorder), untilSafe: false);
        var flush = recorder.FlushAsync();
        var work = recorder.InvokeAsync(() => isDone = true);
        _sink.FailFrom = 2;
        _sink.Release();

        Assert.True(await first.InTimeAsync());
        await Assert.ThrowsAsync<IOException>(() => flush.InTimeAsync());
        await Assert.ThrowsAsync<IOException>(() => work.InTimeAsync());
        _sink.FailFrom = int.MaxValue;
        await RecoverAsync(recorder);
        Assert.Equal((2, false), (_sink.Events, isDone));
    }

    [Fact]
    public async Task Store_that_fails_for_long_turns_requests_away_before_anything_is_lost()
    {
        await using var recorder = Create(maxBuffered: 64 * 1024);
        _sink.Failure = new IOException("no space");
        await recorder.AddAsync(Ticket(recorder), untilSafe: true);
        var added = 1;
        while (recorder.IsAccepting)
        {
            Assert.True(await recorder.AddAsync(Ticket(recorder), untilSafe: false));
            added++;
        }

        Assert.Equal(0, recorder.Lost);
        while (await recorder.AddAsync(Ticket(recorder), untilSafe: false))
        {
            added++; // those that were under way
        }

        Assert.Equal(1, recorder.Lost);
        _sink.Failure = null;
        await RecoverAsync(recorder);
        Assert.Equal(added, _sink.Events);
        Assert.True(recorder.IsAccepting);
    }

    [Fact]
    public async Task Wait_that_is_given_up_ends_at_once()
    {
        await using var recorder = Create();
        _sink.Hold();
        var ticket = Ticket(recorder);
        var wait = recorder.AddAsync(ticket, untilSafe: true).AsTask();

        ticket.Tell(isSafe: false);

        Assert.False(await wait.InTimeAsync());
        _sink.Release();
        await recorder.FlushAsync();
        Assert.Equal(1, _sink.Events);
    }

    [Fact]
    public async Task Every_event_of_many_threads_is_written_once()
    {
        await using var recorder = Create(maxBuffered: 256 * 1024);
        var adding = Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                for (var i = 0; i < 5000; i++)
                {
                    Assert.True(await recorder.AddAsync(Ticket(recorder), untilSafe: (i + worker) % 7 == 0));
                }
            },
            TestContext.Current.CancellationToken));

        await Task.WhenAll(adding);
        await recorder.FlushAsync();

        Assert.Equal((20_000, 20_000), (_sink.Events, _sink.Ids.Count));
    }

    [Fact]
    public async Task Adding_an_event_allocates_nothing()
    {
        await using var recorder = new UsageRecorder(new NullSink(), new UsageBounds(TimeSpan.FromMinutes(1), 16 * 1024 * 1024), NullLogger.Instance, _time, "none");
        var ticket = Ticket(recorder);

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Write(recorder, ticket);
                Assert.True(recorder.AddAsync(ticket, untilSafe: false).AsTask().IsCompleted); // of a result: a task that is there already
            }
        });
    }

    private static UsageTicket Ticket(UsageRecorder recorder)
    {
        var ticket = new UsageTicket(UsageRecord.MaxBytes);
        Write(recorder, ticket);
        return ticket;
    }

    private static void Write(UsageRecorder recorder, UsageTicket ticket)
    {
        var writer = new UsageRecordWriter(ticket.Room);
        writer.Text("acme"u8);
        writer.Text("gold"u8);
        writer.Text("public");
        writer.Text("web");
        writer.BeginMeters();
        writer.Meter("tokens"u8, 3);
        ticket.Length = writer.Length;
        UsageRecord.WriteHead(ticket.Record, new UsageEnd(UsageOutcome.Served, false, recorder.NextId(), 1, 200, 1, 2));
    }

    private UsageRecorder Create(int maxBuffered = 1024 * 1024) =>
        new(_sink, new UsageBounds(TimeSpan.FromMilliseconds(100), maxBuffered), NullLogger.Instance, _time, "a sink");

    /// <summary>Moves the clock on until the events that were kept are written.</summary>
    private async Task RecoverAsync(UsageRecorder recorder)
    {
        for (var isDone = false; !isDone;)
        {
            var flush = recorder.FlushAsync();
            while (!flush.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(flush, Task.Delay(1, TestContext.Current.CancellationToken));
            }

            isDone = flush.IsCompletedSuccessfully; // else it had not tried again yet
        }
    }

    private sealed class NullSink : IUsageSink
    {
        public void Write(ReadOnlySpan<UsageBatch> batches)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class FakeSink : IUsageSink
    {
        private readonly ManualResetEventSlim _free = new(true);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HashSet<Guid> Ids { get; } = [];

        public int Events { get; private set; }

        public int Writes { get; private set; }

        public bool IsDisposed { get; private set; }

        public volatile Exception? Failure;

        /// <summary>The first write that fails, from 1.</summary>
        public volatile int FailFrom = int.MaxValue;

        /// <summary>How many writes were begun.</summary>
        public volatile int Attempts;

        /// <summary>The last one of those that fails.</summary>
        public volatile int FailUntil;

        public Task Entered => _entered.Task;

        public Task Written => _written.Task;

        public void Hold() => _free.Reset();

        public void Release() => _free.Set();

        public void Write(ReadOnlySpan<UsageBatch> batches)
        {
            Attempts++;
            _entered.TrySetResult();
            _free.Wait();
            if (Attempts <= FailUntil)
            {
                throw new IOException("no space");
            }

            if (Failure is { } failure)
            {
                throw failure;
            }

            if (Writes + 1 >= FailFrom)
            {
                throw new IOException("no space");
            }

            Writes++;
            var events = new List<UsageEvent>();
            foreach (var batch in batches)
            {
                ProxyKit.Metering.Journals.JournalReader.Parse(batch.Records.Span, events);
            }

            Events += events.Count;
            Ids.UnionWith(events.Select(static e => e.Id));
            _written.TrySetResult();
        }

        public void Dispose() => IsDisposed = true;
    }
}

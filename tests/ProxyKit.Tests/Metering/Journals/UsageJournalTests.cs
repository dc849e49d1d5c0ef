using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering.Journals;

public sealed class UsageJournalTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Event_that_was_appended_is_read_as_it_was()
    {
        var usage = JournalFolder.Event("1", "acme", "gold", Noon, new("tokens", 7), new("refund", -3)) with { Frontend = "public", Backend = "web", Outcome = UsageOutcome.Failed, Status = 502 };
        await using (var journal = _folder.Open())
        {
            Assert.True(await journal.AppendAsync(usage, TestContext.Current.CancellationToken));
        }

        var read = Assert.Single(UsageJournal.ReadEvents(_folder.Root));
        Assert.Equal(usage with { Meters = read.Meters }, read);
        Assert.Equal(usage.Meters, read.Meters);
    }

    [Fact]
    public async Task Totals_are_by_hour_client_tier_and_meter()
    {
        await using (var journal = _folder.Open())
        {
            await journal.WriteAsync(
                [
                    JournalFolder.Event("1", "acme", "gold", Noon.AddMinutes(59), new MeterValue("tokens", 5)),
                    JournalFolder.Event("2", "acme", "gold", Noon, new MeterValue("tokens", 6)),
                    JournalFolder.Event("3", "acme", "silver", Noon),
                    JournalFolder.Event("4", "zeta", "gold", Noon.AddHours(1)) with { Outcome = UsageOutcome.Refused },
                ],
                TestContext.Current.CancellationToken);
        }

        UsageTotal[] expected =
        [
            new(Noon, "acme", "gold", "bytes-in", 200), new(Noon, "acme", "gold", "bytes-out", 2000), new(Noon, "acme", "gold", "requests", 2),
            new(Noon, "acme", "gold", "tokens", 11), new(Noon, "acme", "silver", "bytes-in", 100), new(Noon, "acme", "silver", "bytes-out", 1000),
            new(Noon, "acme", "silver", "requests", 1), new(Noon.AddHours(1), "zeta", "gold", "refused", 1),
        ];
        Assert.Equal(expected, _folder.Totals());
    }

    [Fact]
    public async Task Adjustment_counts_what_its_meters_say_and_no_request()
    {
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);
            await journal.AppendAsync(
                JournalFolder.Event("2", meters: new MeterValue(UsageMeters.Requests, -1)) with { Outcome = UsageOutcome.Adjustment }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, _folder.Sum());
        Assert.Equal(100, _folder.Sum(UsageMeters.BytesIn));
    }

    [Fact]
    public async Task Event_whose_id_is_known_does_not_count_again_also_when_the_journal_was_reopened_and_rotated()
    {
        await using (var journal = _folder.Open())
        {
            Assert.True(await journal.AppendAsync(JournalFolder.Event("order-17"), TestContext.Current.CancellationToken));
            Assert.False(await journal.AppendAsync(JournalFolder.Event("order-17"), TestContext.Current.CancellationToken));
            await journal.RotateAsync();
        }

        await using (var journal = _folder.Open())
        {
            Assert.False(await journal.AppendAsync(JournalFolder.Event("order-17"), TestContext.Current.CancellationToken));
            await journal.RotateAsync();
            Assert.False(await journal.AppendAsync(JournalFolder.Event("order-17"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(1, _folder.Sum());
    }

    /// <summary>Whoever is told that it is known may forget it.</summary>
    [Fact]
    public async Task Event_that_is_handed_in_twice_at_once_is_known_once_it_is_safe()
    {
        await using var journal = _folder.Open(configure: static o => o.MaxBufferedBytes = 64 * 1024);
        using var firstHold = new ManualResetEventSlim();
        using var secondHold = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var held = journal.Recorder.InvokeAsync(() => firstHold.Wait(TestContext.Current.CancellationToken));
        try
        {
            // More than there is room for, so that the last one waits for it.
            var events = Enumerable.Range(0, 2000).Select(i => journal.AppendAsync(JournalFolder.Event($"{i}"), TestContext.Current.CancellationToken).AsTask()).ToArray();
            var again = journal.AppendAsync(JournalFolder.Event("1999"), TestContext.Current.CancellationToken).AsTask();
            var heldAgain = journal.Recorder.InvokeAsync(() =>
            {
                entered.SetResult();
                secondHold.Wait(TestContext.Current.CancellationToken);
            });
            firstHold.Set();
            await entered.Task.InTimeAsync();

            Assert.False(SpinWait.SpinUntil(() => again.IsCompleted, TimeSpan.FromMilliseconds(50))); // its like has found room, and is not written
            secondHold.Set();
            Assert.False(await again.InTimeAsync());
            Assert.All(await Task.WhenAll(events).InTimeAsync(), Assert.True);
            await Task.WhenAll(held, heldAgain).InTimeAsync();
            Assert.Equal(events.Length, _folder.Sum());
        }
        finally
        {
            firstHold.Set();
            secondHold.Set();
        }
    }

    [Fact]
    public async Task Known_ids_are_bounded_and_the_oldest_is_forgotten_first()
    {
        await using var journal = _folder.Open(configure: static o => o.KnownIds = 3);
        foreach (var id in new[] { "1", "2", "3", "4" })
        {
            await journal.AppendAsync(JournalFolder.Event(id), TestContext.Current.CancellationToken);
        }

        Assert.False(await journal.AppendAsync(JournalFolder.Event("2"), TestContext.Current.CancellationToken));
        Assert.True(await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_comes_late_for_a_closed_month_counts_when_it_came_as_a_correction()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 12, 3, 8, 15, 0, TimeSpan.Zero));
        var november = new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero);
        await using (var journal = _folder.Open(time))
        {
            await journal.AppendAsync(JournalFolder.Event("in time", at: november), TestContext.Current.CancellationToken);
            await journal.ClosePeriodAsync(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
            await journal.AppendAsync(JournalFolder.Event("late", at: november), TestContext.Current.CancellationToken);
            await journal.RotateAsync();
            await journal.AppendAsync(JournalFolder.Event("later", at: november), TestContext.Current.CancellationToken);
        }

        var requests = _folder.Totals().Where(static t => t.Meter == UsageMeters.Requests);
        var hour = new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero);
        (DateTimeOffset, long, DateTimeOffset?)[] expected = [(hour, 1, null), (new DateTimeOffset(2026, 12, 3, 8, 0, 0, TimeSpan.Zero), 2, hour)];
        Assert.Equal(expected, requests.Select(static t => (t.From, t.Quantity, t.CorrectsHour)));
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), UsageJournal.ReadClosedUntil(_folder.Root));
    }

    [Theory]
    [InlineData(1_000_000_000_001)]
    [InlineData(-1_000_000_000_001)]
    public async Task More_of_a_meter_than_can_be_summed_up_is_refused(long quantity)
    {
        await using var journal = _folder.Open();

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await journal.AppendAsync(JournalFolder.Event("1", meters: new MeterValue("tokens", quantity)), TestContext.Current.CancellationToken));

        Assert.True(await journal.AppendAsync(JournalFolder.Event("1", meters: new MeterValue("tokens", quantity - Math.Sign(quantity))), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Names_that_are_given_as_totals_have_them_are_the_same_names()
    {
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("1", "a\nb\\", "gold\n", Noon, new MeterValue("to\tkens", 7)), TestContext.Current.CancellationToken);
            var total = (await journal.ReadAsync(new UsageQuery(), TestContext.Current.CancellationToken)).Single(static t => t.Quantity == 7);

            await journal.AppendAsync(JournalFolder.Event("2", total.Client, total.Tier, Noon, new MeterValue(total.Meter, -5)), TestContext.Current.CancellationToken);
        }

        Assert.Equal([@"a\x0ab\x5c"], _folder.Totals().Select(static t => t.Client).Distinct());
        Assert.Equal(new UsageTotal(Noon, @"a\x0ab\x5c", @"gold\x0a", @"to\x09kens", 2), Assert.Single(_folder.Totals(), static t => t.Meter.StartsWith("to", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Time_that_is_not_over_cannot_be_closed()
    {
        await using var journal = _folder.Open(new ManualTimeProvider(Noon));

        await Assert.ThrowsAsync<ArgumentException>(() => journal.ClosePeriodAsync(Noon.AddHours(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.ClosePeriodAsync(Noon.AddMinutes(-1)));
    }

    [Fact]
    public async Task Closing_survives_reopening()
    {
        var time = new ManualTimeProvider(Noon);
        await using (var journal = _folder.Open(time))
        {
            await journal.ClosePeriodAsync(Noon);
        }

        await using (var journal = _folder.Open(time))
        {
            Assert.Equal(Noon, journal.ClosedUntil);
            await journal.AppendAsync(JournalFolder.Event("1", at: Noon.AddDays(-1)), TestContext.Current.CancellationToken);
        }

        Assert.All(_folder.Totals(), static t => Assert.Equal(Noon.AddDays(-1), t.CorrectsHour));
    }

    [Fact]
    public async Task Closing_survives_a_damaged_beginning_of_the_last_segment()
    {
        var time = new ManualTimeProvider(Noon);
        await using (var journal = _folder.Open(time))
        {
            await journal.ClosePeriodAsync(Noon);
            await journal.AppendAsync(JournalFolder.Event("1", at: Noon), TestContext.Current.CancellationToken);
            await journal.RotateAsync();
            await journal.AppendAsync(JournalFolder.Event("2", at: Noon), TestContext.Current.CancellationToken);
        }

        using (var segment = new FileStream(_folder.LastSegment, FileMode.Open, FileAccess.ReadWrite))
        {
            segment.Position = JournalBlock.HeadBytes;
            segment.WriteByte(0xFF);
        }

        Assert.Equal(Noon, UsageJournal.ReadClosedUntil(_folder.Root));
        await using (var journal = _folder.Open(time))
        {
            Assert.True(journal.Recovery.DamagedBytes > 0);
            Assert.Equal(Noon, journal.ClosedUntil);
            Assert.False(await journal.AppendAsync(JournalFolder.Event("1", at: Noon), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Closing_is_seen_while_a_segment_has_only_been_begun()
    {
        await using (var journal = _folder.Open(new ManualTimeProvider(Noon)))
        {
            await journal.ClosePeriodAsync(Noon);
        }

        File.WriteAllBytes(JournalFile.SegmentPath(_folder.Root, 2), []);

        Assert.Equal(Noon, UsageJournal.ReadClosedUntil(_folder.Root));
    }

    [Fact]
    public async Task Client_is_found_by_its_name_and_by_what_totals_call_it()
    {
        await using (var journal = _folder.Open())
        {
            await journal.AppendAsync(JournalFolder.Event("1", @"CORP\bob"), TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 1, 0), (_folder.Sum(client: @"CORP\bob"), _folder.Sum(client: @"CORP\x5cbob"), _folder.Sum(client: "CORP")));
    }

    [Fact]
    public async Task Compaction_that_comes_as_the_journal_is_closed_ends()
    {
        var journal = _folder.Open();
        var waiting = Enumerable.Range(0, 20).Select(_ => Task.Run(journal.CompactAsync)).ToArray();
        await journal.DisposeAsync();

        foreach (var compaction in waiting)
        {
            await ((Task)compaction).InTimeAsync().ContinueWith(static t => Assert.True(t.Exception is null or { InnerException: ObjectDisposedException }), TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task Second_writer_is_refused_and_readers_are_not()
    {
        await using var journal = _folder.Open();
        await journal.AppendAsync(JournalFolder.Event("1"), TestContext.Current.CancellationToken);

        var refused = Assert.Throws<IOException>(() => _folder.Open());

        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _folder.Sum());
    }

    [Fact]
    public void Options_out_of_range_are_refused_all_at_once()
    {
        var refused = Assert.Throws<ArgumentException>(() => _folder.Open(configure: static o =>
        {
            o.FlushInterval = TimeSpan.Zero;
            o.MaxBufferedBytes = 1;
            o.SegmentBytes = 1;
            o.SegmentAge = TimeSpan.Zero;
            o.CompactAfter = TimeSpan.FromSeconds(-1);
            o.KnownIds = -1;
        }));

        Assert.All(
            typeof(UsageJournalOptions).GetProperties(),
            property => Assert.Contains($"{property.Name}: ", refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Segment_that_is_full_is_followed_by_another()
    {
        await using (var journal = _folder.Open(configure: static o => o.SegmentBytes = 64 * 1024))
        {
            for (var i = 0; i < 40; i++)
            {
                await journal.WriteAsync([.. Enumerable.Range(0, 50).Select(n => JournalFolder.Event($"{i}-{n}"))], TestContext.Current.CancellationToken);
            }
        }

        Assert.True(Directory.GetFiles(_folder.Root, "events-*").Length > 2);
        Assert.Equal(2000, _folder.Sum());
    }

    [Fact]
    public async Task Journal_that_is_closed_takes_nothing_in()
    {
        var journal = _folder.Open();
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendAsync(JournalFolder.Event("late"), TestContext.Current.CancellationToken));
    }
}

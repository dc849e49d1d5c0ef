using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using ProxyKit.Metering.Quotas;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Metering.Quotas;

public sealed class QuotaKeeperTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-quotas-").FullName;
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 23, 59, 0, TimeSpan.Zero)) { LetsOthersFinish = true };
    private readonly RecordingLoggerProvider _log = new();

    private string File => Path.Combine(_folder, "quotas-plans");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Fact] // MON-24
    public async Task Quota_that_was_used_up_is_used_up_behind_a_restart_of_the_proxy()
    {
        await using var origin = WireOrigin.Start(static exchange => exchange.AnswerOkAsync());
        Action<ProxyBuilder> compose = p => p
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").UseTiers("plans").DefaultBackend("web"))
            .AddTiers("plans", t => t
                .CountBy(Value.Parse("req.hdr(x-client)"))
                .AddTier("bronze", static b => b.Quota(2, QuotaPeriod.Month))
                .DefaultTier("bronze")
                .KeepQuotas(_folder))
            .AddBackend("web", b => b.AddServer("s1", origin.Address));

        var (before, behind) = (await AskAsync(compose, 3), await AskAsync(compose, 1));
        _time.Advance(new DateTimeOffset(2026, 11, 30, 23, 59, 59, TimeSpan.Zero) - _time.GetUtcNow());
        var atTheEnd = await AskAsync(compose, 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        var nextMonth = await AskAsync(compose, 3);

        Assert.Equal([200, 200, 429], before);
        Assert.Equal([429], behind);
        Assert.Equal([429], atTheEnd);
        Assert.Equal([200, 200, 429], nextMonth);
    }

    [Fact]
    public async Task Count_goes_on_behind_a_restart_and_begins_anew_with_the_next_period()
    {
        await using (var first = await StartAsync())
        {
            Assert.True(first.Ask(units: 3));
        }

        await using (var second = await StartAsync())
        {
            Assert.Equal((3, 3), (second.Used(), second.Used(window: "day")));
            Assert.False(second.Ask(units: 3));
            _time.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal((3, 0), (second.Used(), second.Used(window: "day")));
        }

        _time.Advance(TimeSpan.FromDays(8)); // the 1st of December
        await using var third = await StartAsync();
        Assert.Equal((0, 0), (third.Used(), third.Group.ClientCount));
    }

    [Fact]
    public async Task What_changes_is_written_within_a_second()
    {
        var store = new RecordingQuotaStore();
        await using var bench = await StartAsync(store);
        bench.Ask("a", units: 2);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        var first = await store.Written.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync();
        bench.Ask("b");

        await AdvanceUntilWrittenAsync(store, counts => Assert.All(counts, static c => Assert.Equal("b", NameOf(c))));

        Assert.Equal([("day", 2), ("month", 2)], first.Select(static c => (c.Window, c.Used)).Order());
        Assert.All(first, c => Assert.True(c.StartsAt <= _time.GetUtcNow() && c.EndsAt > _time.GetUtcNow()));
    }

    [Fact]
    public async Task Store_that_fails_is_told_of_once_and_gets_everything_when_it_is_back()
    {
        var store = new RecordingQuotaStore { Fails = true };
        await using var bench = await StartAsync(store);
        bench.Ask("a", units: 2);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await store.Failed.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync();
        bench.Ask("b");
        store.Fails = false;

        await AdvanceUntilWrittenAsync(store, counts => Assert.Equal(["a", "b"], counts.Select(NameOf).Distinct().Order()));

        Assert.Single(_log.Entries, static e => e.Level == LogLevel.Error);
        await _log.WaitForAsync(static e => e.Message.Contains("is kept again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_that_throws_keeps_nothing_from_being_written_and_told_later()
    {
        var store = new RecordingQuotaStore { Fails = true };
        using var log = new ThrowingLog(_log, static level => level == LogLevel.Error);
        await using var bench = await QuotaBench.StartAsync(t => t.KeepQuotas(store), _time, log);
        bench.Ask("a", units: 2);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await store.Failed.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync();
        store.Fails = false;

        await AdvanceUntilWrittenAsync(store, counts => Assert.All(counts, static c => Assert.Equal("a", NameOf(c))));

        await _log.WaitForAsync(static e => e.Message.Contains("is kept again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Warning)]
    public async Task Log_that_throws_keeps_a_reload_from_nothing(LogLevel level)
    {
        var (store, other) = (new RecordingQuotaStore { Fails = true }, new RecordingQuotaStore());
        using var log = new ThrowingLog(_log, l => l == level);
        await using var bench = await QuotaBench.StartAsync(t => t.KeepQuotas(store), _time, log);
        bench.Ask("a", units: 2);
        if (level == LogLevel.Warning)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await store.Failed.ReadAsync(TestContext.Current.CancellationToken).InTimeAsync();
            store.Fails = false; // so that the last write tells that all is kept again
        }

        bench.Options.QuotaStore = other;
        await bench.ReloadAsync();
        bench.Ask("b");

        await AdvanceUntilWrittenAsync(other, counts => Assert.Equal(["a", "b"], counts.Select(NameOf).Distinct().Order()));
    }

    [Fact]
    public async Task Log_that_throws_keeps_the_end_from_nothing()
    {
        var store = new RecordingQuotaStore { Fails = true };
        using var log = new ThrowingLog(_log, static level => level == LogLevel.Error);
        await using (var bench = await QuotaBench.StartAsync(t => t.KeepQuotas(store), _time, log))
        {
            bench.Ask("a");
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.True(store.Failed.TryRead(out _)); // all tries were made, and nothing came out of the end
        }
    }

    [Fact]
    public async Task Disk_that_is_full_at_the_end_leaves_the_folder_free()
    {
        System.IO.File.CreateSymbolicLink(File + ".new", "/dev/full"); // takes the place of the file when it was opened
        var bench = await StartAsync();
        bench.Ask("a");

        await bench.DisposeAsync();

        System.IO.File.Delete(File);
        using var again = NewFile(); // nobody holds the lock
        await _log.WaitForAsync(static e => e.Message.Contains("cannot be kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_of_ones_own_tells_what_was_used_and_what_it_has_too_much_is_left_out()
    {
        var (start, end) = (new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var count = new QuotaCount("acme"u8.ToArray(), "month", QuotaPeriod.Month, 1, start, end, 4);
        var store = new RecordingQuotaStore
        {
            Kept = [count, count with { Window = "gone", Client = "x"u8.ToArray() }, count with { EndsAt = _time.GetUtcNow(), Client = "y"u8.ToArray() }],
        };

        await using var bench = await StartAsync(store);

        Assert.Equal((4, 1), (bench.Used(), bench.Group.ClientCount));
        Assert.Equal([true, false], [bench.Ask(), bench.Ask()]);
    }

    [Fact]
    public async Task What_is_given_back_and_what_is_reset_stays_so_behind_a_restart()
    {
        await using (var first = await StartAsync())
        {
            first.Ask("a", units: 5, charged: 1);
            first.Ask("b", units: 5, charged: 0);
            first.Ask("c", units: 5);
        }

        await using (var second = await StartAsync())
        {
            Assert.Equal((1, 0, 5), (second.Used("a"), second.Used("b"), second.Used("c")));
            second.Group.Reset("c");
            second.Group.SetUsed("a", "bronze", "month", 3);
        }

        await using var third = await StartAsync();
        Assert.Equal((3, 0, 0), (third.Used("a"), third.Used("b"), third.Used("c")));
    }

    [Fact]
    public async Task Keys_of_any_bytes_are_kept()
    {
        var key = Enumerable.Range(0, 128).Select(static i => (byte)(i * 2)).ToArray();
        var count = new QuotaCount(key, "month", QuotaPeriod.Week, 366, _time.GetUtcNow(), _time.GetUtcNow().AddDays(1), long.MaxValue);
        using (var file = NewFile())
        {
            await file.ReadAsync("plans", TestContext.Current.CancellationToken);
            await file.WriteAsync("plans", [count], TestContext.Current.CancellationToken);
        }

        using var again = NewFile();
        var read = Assert.Single(await again.ReadAsync("plans", TestContext.Current.CancellationToken));
        Assert.Equal(key, read.Client.ToArray());
        Assert.Equal(count, read with { Client = count.Client });
    }

    [Fact]
    public async Task Any_byte_changed_costs_its_line_alone_and_is_told()
    {
        using (var file = NewFile())
        {
            await file.ReadAsync("plans", TestContext.Current.CancellationToken);
            await file.WriteAsync("plans", [Count("a"), Count("b"), Count("c")], TestContext.Current.CancellationToken);
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        var (first, second) = (Array.IndexOf(whole, (byte)'\n') + 1, Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2));
        for (var at = first; at < second; at++)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x11;
            await System.IO.File.WriteAllBytesAsync(File, changed, TestContext.Current.CancellationToken);
            using var file = NewFile();

            Assert.Equal(["a", "c"], (await file.ReadAsync("plans", TestContext.Current.CancellationToken)).Select(NameOf).Order());
        }

        Assert.Equal(second - first, _log.Entries.Count(static e => e.Level == LogLevel.Error && e.Message.Contains("are damaged", StringComparison.Ordinal)));
        Assert.True(System.IO.File.Exists(File + ".damaged"));
    }

    [Fact]
    public async Task File_cut_anywhere_has_all_lines_before()
    {
        using (var file = NewFile())
        {
            await file.ReadAsync("plans", TestContext.Current.CancellationToken);
            await file.WriteAsync("plans", [Count("a"), Count("b")], TestContext.Current.CancellationToken);
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = first; length < whole.Length - 1; length++)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..length], TestContext.Current.CancellationToken);
            using var file = NewFile();

            Assert.Equal(["a"], (await file.ReadAsync("plans", TestContext.Current.CancellationToken)).Select(NameOf));
        }

        Assert.DoesNotContain(_log.Entries, static e => e.Level > LogLevel.Warning);
    }

    [Fact]
    public async Task File_stays_small_however_often_counts_change()
    {
        using var file = NewFile();
        await file.ReadAsync("plans", TestContext.Current.CancellationToken);
        QuotaCount[] all = [Count("a"), Count("b")];
        file.All = () => all;
        QuotaCount[] changes = [.. Enumerable.Repeat(Count("a"), 5_000)];
        for (var i = 0; i < 20; i++)
        {
            await file.WriteAsync("plans", changes, TestContext.Current.CancellationToken);
        }

        Assert.InRange(new FileInfo(File).Length, 1, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task Folder_that_is_in_use_refuses_the_start_and_says_where()
    {
        await using var first = await StartAsync();

        var refused = await Assert.ThrowsAsync<IOException>(() => StartAsync());

        Assert.StartsWith("tiers \"plans\" > QuotaFolder: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_that_names_another_folder_brings_everything_there()
    {
        var other = Path.Combine(_folder, "other");
        await using (var bench = await StartAsync())
        {
            bench.Ask("a", units: 2);
            bench.Options.QuotaFolder = other;
            await bench.ReloadAsync();
            bench.Ask("b");
        }

        await using var again = await QuotaBench.StartAsync(t => t.KeepQuotas(other), _time, _log);
        Assert.Equal((2, 1), (again.Used("a"), again.Used("b")));
    }

    [Fact]
    public async Task Clients_beyond_the_most_are_not_read()
    {
        await using (var first = await StartAsync())
        {
            for (var i = 0; i < 50; i++)
            {
                first.Ask(i.ToString(CultureInfo.InvariantCulture));
            }
        }

        await using var second = await QuotaBench.StartAsync(t => t.KeepQuotas(_folder).MaxClients(10), _time, _log);

        Assert.Equal(10, second.Group.ClientCount);
    }

    private static string NameOf(QuotaCount count) => Encoding.UTF8.GetString(count.Client.Span);

    private async Task<int[]> AskAsync(Action<ProxyBuilder> compose, int count)
    {
        var builder = new ProxyBuilder();
        compose(builder);
        await using var proxy = Proxy.Create(builder.Build(), new ProxyEnvironment { TimeProvider = _time });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}/") };
        client.DefaultRequestHeaders.Add("X-Client", "acme");
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
            statuses[i] = (int)response.StatusCode;
        }

        return statuses;
    }

    private QuotaCount Count(string client) =>
        new(Encoding.UTF8.GetBytes(client), "month", QuotaPeriod.Month, 1, _time.GetUtcNow(), _time.GetUtcNow().AddDays(1), 4);

    private QuotaFile NewFile() => new(_folder, "plans", _log.CreateLogger("quotas"), _time);

    private Task<QuotaBench> StartAsync(IQuotaStore? store = null) =>
        QuotaBench.StartAsync(t => _ = store is null ? t.KeepQuotas(_folder) : t.KeepQuotas(store), _time, _log);

    /// <summary>Lets time pass until something is written: a tick on which a write is still under way passes by.</summary>
    private async Task AdvanceUntilWrittenAsync(RecordingQuotaStore store, Action<IReadOnlyList<QuotaCount>> check)
    {
        var written = store.Written.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        for (var i = 0; i < 100 && !written.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(written, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        check(await written.InTimeAsync());
    }
}

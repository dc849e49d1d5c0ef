using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ProxyKit.Checks;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Checks;

/// <summary>When checks come, on a clock that the test moves.</summary>
public sealed class CheckScheduleTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly RecordingLoggerProvider _log = new();
    private readonly ScriptedCheck _check;
    private Proxy? _proxy;

    public CheckScheduleTests() => _check = new ScriptedCheck(_time);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _log.Dispose();
    }

    [Fact] // HC-01, HC-03
    public async Task Healthy_server_is_checked_every_interval()
    {
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)));

        await RunAsync(TimeSpan.FromSeconds(9));

        Assert.Equal([0, 2000, 4000, 6000, 8000], _check.StartedAt());
    }

    [Fact] // HC-04
    public async Task Interval_follows_the_state()
    {
        _check.Results.Enqueue(true);
        _check.Results.Enqueue(false); // at 10 s; from here on every second
        _check.Results.Enqueue(false);
        _check.Results.Enqueue(false); // down, at 12 s; from here on every 3 seconds
        _check.Results.Enqueue(false);
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(10), changing: TimeSpan.FromSeconds(1), down: TimeSpan.FromSeconds(3)));

        await RunAsync(TimeSpan.FromSeconds(19.5));

        Assert.Equal([0, 10_000, 11_000, 12_000, 15_000, 18_000, 19_000], _check.StartedAt());
    }

    [Fact] // HC-02
    public async Task First_checks_of_several_servers_are_spread()
    {
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)), servers: 4);

        await RunAsync(TimeSpan.FromSeconds(1.9));

        Assert.Equal([0, 500, 1000, 1500], _check.StartedAt());
    }

    [Fact] // HC-02
    public async Task First_checks_are_spread_over_no_longer_than_they_may()
    {
        await StartAsync(Options(static o => o.MaxCheckStartSpread = TimeSpan.FromSeconds(1), servers: 4));

        await RunAsync(TimeSpan.FromSeconds(1.9));

        Assert.Equal([0, 200, 500, 700], _check.StartedAt()); // 250 ms from one to the next, in whole tenths
    }

    [Fact] // HC-02
    public async Task Interval_varies_by_as_much_as_it_is_told()
    {
        await StartAsync(Options(static o => o.CheckSpreadPercent = 50));

        await RunAsync(TimeSpan.FromSeconds(200));

        var starts = _check.StartedAt().ToArray();
        var intervals = starts.Zip(starts.Skip(1), static (one, next) => next - one).ToArray();
        Assert.All(intervals, static i => Assert.InRange(i, 900, 3100)); // 2 s, and a tick or two
        Assert.Contains(intervals, static i => i < 1800);
        Assert.Contains(intervals, static i => i > 2200);
    }

    [Fact]
    public async Task Maintenance_pauses_checks_and_its_end_brings_one_at_once()
    {
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)));
        await RunAsync(TimeSpan.FromSeconds(1));
        _proxy!.SetServerMode("b", "s1", ServerMode.Maintenance);
        await RunAsync(TimeSpan.FromSeconds(6));
        Assert.Equal([0], _check.StartedAt());

        _proxy.SetServerMode("b", "s1", ServerMode.Ready);
        await RunAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([0, 7000], _check.StartedAt());
    }

    [Fact]
    public async Task What_a_check_finds_that_maintenance_has_broken_off_says_nothing_behind_it()
    {
        var check = new StubbornCheck { Finds = CheckResult.Failed("broken off") };
        await StartAsync(Built(check));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await check.Began.Task.InTimeAsync();

        _proxy!.SetServerMode("b", "s1", ServerMode.Maintenance);
        await check.BrokenOff.Task.InTimeAsync();
        _proxy.SetServerMode("b", "s1", ServerMode.Ready);
        check.Ends.SetResult();
        await WhenIdleAsync().InTimeAsync();

        Assert.Equal("UP 1/3", _proxy.GetServers("b")[0].Status);
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await WhenIdleAsync().InTimeAsync();
        Assert.Equal(2, check.Count); // the one that maintenance has kept from being made comes at once
    }

    [Fact]
    public async Task Server_that_a_reload_takes_out_of_maintenance_is_checked_again()
    {
        var builder = new ProxyBuilder();
        Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1)(builder);
        var options = builder.Build();
        options.Backends[0].Servers[0].StartsInMaintenance = true;
        await StartAsync(options);
        await RunAsync(TimeSpan.FromSeconds(3));
        Assert.Equal([], _check.StartedAt());

        await _proxy!.ReloadAsync(Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1), TestContext.Current.CancellationToken);
        await RunAsync(TimeSpan.FromSeconds(3));

        Assert.Equal([3000, 5000], _check.StartedAt());
    }

    [Fact]
    public async Task Maintenance_that_ends_before_it_is_told_does_not_stop_checks()
    {
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)));
        await RunAsync(TimeSpan.FromSeconds(1));
        var changes = 0;
        _proxy!.GetServers("b")[0].State.Backend.ServersChanged += () =>
        {
            if (++changes == 1)
            {
                _proxy.SetServerMode("b", "s1", ServerMode.Ready); // while the beginning is still being told
            }
        };

        _proxy.SetServerMode("b", "s1", ServerMode.Maintenance);
        await RunAsync(TimeSpan.FromSeconds(3.5));

        Assert.Equal([0, 2000, 4000], _check.StartedAt());
    }

    [Fact]
    public async Task Log_that_throws_ends_neither_the_checks_nor_what_follows_from_them()
    {
        _check.Results.Enqueue(false);
        using var log = new ThrowingLog();
        var builder = new ProxyBuilder();
        Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1)(builder);
        var options = builder.Build();
        options.Backends[0].Servers.Add(new() { Name = "s2", Address = "127.0.0.1:1", Track = "b/s1" });
        await StartAsync(options, log);

        await RunAsync(TimeSpan.FromSeconds(1));
        Assert.All(_proxy!.GetServers("b"), static s => Assert.False(s.IsUp));
        await RunAsync(TimeSpan.FromSeconds(2));

        Assert.Equal([0, 2000], _check.StartedAt());
        Assert.True(log.HasThrown);
    }

    [Fact]
    public async Task Chain_of_servers_that_track_goes_by_its_end_whatever_their_order()
    {
        var builder = new ProxyBuilder();
        Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1)(builder);
        var options = builder.Build();
        options.Backends[0].Servers[0].StartsInMaintenance = true;
        options.Backends[0].Servers.Insert(0, new() { Name = "m", Address = "127.0.0.1:1", Track = "b/s1" });
        options.Backends[0].Servers.Insert(0, new() { Name = "a", Address = "127.0.0.1:1", Track = "b/m" });

        await StartAsync(options);

        Assert.All(_proxy!.GetServers("b"), static s => Assert.False(s.IsUp));
    }

    [Fact]
    public async Task Loss_of_the_last_server_is_told_again_when_a_reload_brought_another()
    {
        var options = Options("s1");
        await StartAsync(options);
        _proxy!.SetServerHealth("b", "s1", ForcedHealth.Down);
        Assert.Equal(1, Losses());

        await _proxy.ReloadAsync(Options("s2"), TestContext.Current.CancellationToken);
        _proxy.SetServerHealth("b", "s2", ForcedHealth.Down);

        Assert.Equal(2, Losses());

        int Losses() => _log.Entries.Count(static e => e.Message == "backend 'b' has no server available!");

        ProxyOptions Options(string server)
        {
            var builder = new ProxyBuilder();
            Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 0)(builder);
            var made = builder.Build();
            made.Backends[0].Servers.Add(new() { Name = server, Address = "127.0.0.1:1" });
            return made;
        }
    }

    [Fact]
    public async Task Reload_that_leaves_checks_alone_keeps_their_times_and_what_they_found()
    {
        _check.Results.Enqueue(false);
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)));
        await RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("DOWN", _proxy!.GetServers("b")[0].Status);

        await _proxy.ReloadAsync(Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1), TestContext.Current.CancellationToken);

        Assert.Equal("DOWN", _proxy.GetServers("b")[0].Status);
        await RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal([0, 2000], _check.StartedAt());
    }

    [Fact]
    public async Task Server_that_left_the_configuration_is_not_checked_any_more()
    {
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(2)), servers: 2);
        await RunAsync(TimeSpan.FromSeconds(1.9));

        await _proxy!.ReloadAsync(Compose(static check => check.Every(TimeSpan.FromSeconds(2)), 1), TestContext.Current.CancellationToken);
        await RunAsync(TimeSpan.FromSeconds(2));

        Assert.Equal([0, 1000, 2000], _check.StartedAt());
    }

    [Fact] // HC-05
    public async Task Check_without_an_end_fails_after_its_interval()
    {
        _check.Hangs = true;
        await StartAsync(static check => check.Every(TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await _check.Began.Task.InTimeAsync();

        _time.Advance(TimeSpan.FromMilliseconds(1040));

        await _log.WaitForAsync(static e => e.Message.Contains("Layer7 timeout", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_waits_for_the_check_that_it_breaks_off(bool hasLeft)
    {
        var check = new StubbornCheck();
        await StartAsync(Built(check));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await check.Began.Task.InTimeAsync();
        if (hasLeft)
        {
            await _proxy!.ReloadAsync(Built(new StubbornCheck(), servers: 0), TestContext.Current.CancellationToken);
        }

        var stopping = _proxy!.StopAsync(TestContext.Current.CancellationToken);
        await check.BrokenOff.Task.InTimeAsync();
        Stillness.Wait();
        Assert.False(stopping.IsCompleted);
        check.Ends.SetResult();

        await stopping.InTimeAsync();
        Assert.True(check.HasEnded);
    }

    [Fact]
    public async Task Stop_does_not_wait_for_ever_for_a_check()
    {
        var check = new StubbornCheck();
        await StartAsync(Built(check));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await check.Began.Task.InTimeAsync();
        var stopping = _proxy!.StopAsync(TestContext.Current.CancellationToken);
        await check.BrokenOff.Task.InTimeAsync();
        Stillness.Wait();

        _time.Advance(HealthChecks.LongestStop);

        await stopping.InTimeAsync();
        Assert.False(check.HasEnded);
        check.Ends.SetResult();
    }

    [Fact]
    public async Task Stop_that_is_not_to_wait_does_not_wait_for_a_check()
    {
        var check = new StubbornCheck();
        await StartAsync(Built(check));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await check.Began.Task.InTimeAsync();

        await _proxy!.DisposeAsync().AsTask().InTimeAsync();

        Assert.True(check.BrokenOff.Task.IsCompleted);
        Assert.False(check.HasEnded);
        check.Ends.SetResult();
    }

    private static ProxyOptions Built(IServerCheck check, int servers = 1)
    {
        var builder = new ProxyBuilder();
        Compose(check, static c => c.Every(TimeSpan.FromHours(1)), servers)(builder);
        return builder.Build();
    }

    private static Action<ProxyBuilder> Compose(IServerCheck check, Action<CheckBuilder> configure, int servers) => proxy => proxy
        .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
        .AddBackend("b", b =>
        {
            b.Check(check, configure);
            for (var i = 1; i <= servers; i++)
            {
                b.AddServer($"s{i}", "127.0.0.1:1");
            }
        });

    private Action<ProxyBuilder> Compose(Action<CheckBuilder> configure, int servers) => Compose(_check, configure, servers);

    private ProxyOptions Options(Action<ProxyOptions> configure, int servers = 1)
    {
        var builder = new ProxyBuilder();
        Compose(static check => check.Every(TimeSpan.FromSeconds(2)), servers)(builder);
        var options = builder.Build();
        configure(options);
        return options;
    }

    private Task StartAsync(Action<CheckBuilder> configure, int servers = 1)
    {
        var builder = new ProxyBuilder();
        Compose(configure, servers)(builder);
        return StartAsync(builder.Build());
    }

    private Task StartAsync(ProxyOptions options, ILoggerFactory? log = null)
    {
        _proxy = Proxy.Create(options, new ProxyEnvironment { TimeProvider = _time, LoggerFactory = log ?? _log });
        return _proxy.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Moves the clock on, from check to check: it stands still while one is under way.</summary>
    private async Task RunAsync(TimeSpan time)
    {
        _time.Advance(time);
        await WhenIdleAsync().InTimeAsync();
    }

    private async Task WhenIdleAsync()
    {
        while (_proxy!.GetServers("b").Any(static s => !s.State.Health.IsIdle))
        {
            await Task.Delay(1);
        }
    }

    /// <summary>The log of a user, who has made a mistake.</summary>
    private sealed class ThrowingLog : ILoggerFactory, ILogger
    {
        public bool HasThrown { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is >= 40 and < 44) // about health
            {
                HasThrown = true;
                throw new InvalidOperationException("The disk is full.");
            }
        }
    }

    /// <summary>A check that knows when it is broken off, and ends when the test lets it.</summary>
    private sealed class StubbornCheck : IServerCheck
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource BrokenOff { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ends { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CheckResult Finds { get; init; } = CheckResult.Passed();

        public int Count { get; private set; }

        public bool HasEnded { get; private set; }

        public async ValueTask<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken)
        {
            using var registration = cancellationToken.Register(() => BrokenOff.TrySetResult());
            Count++;
            Began.TrySetResult();
            await Ends.Task;
            HasEnded = true;
            return Finds;
        }
    }

    private sealed class ScriptedCheck(ManualTimeProvider time) : IServerCheck
    {
        private readonly ConcurrentQueue<DateTimeOffset> _starts = new();
        private readonly DateTimeOffset _zero = time.GetUtcNow();

        /// <summary>What it finds, one after the other; then that all is well.</summary>
        public ConcurrentQueue<bool> Results { get; } = new();

        public bool Hangs { get; set; }

        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>When it was asked, in milliseconds from the start; the wheel's ticks of 20 ms are taken off.</summary>
        public IEnumerable<int> StartedAt() => _starts.Select(s => (int)((s - _zero).TotalMilliseconds / 100) * 100);

        public async ValueTask<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken)
        {
            _starts.Enqueue(time.GetUtcNow());
            Began.TrySetResult();
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return !Results.TryDequeue(out var passes) || passes ? CheckResult.Passed() : CheckResult.Failed("as the test says");
        }
    }
}

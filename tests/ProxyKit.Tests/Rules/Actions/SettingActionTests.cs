using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class SettingActionTests
{
    private static ExchangeSettings After(params RuleAction[] actions) => ActionRun.OnRequest(TestExchange.For("/"), actions).Context.Settings;

    [Fact]
    public void SetTimeout_changes_each_limit_for_this_exchange()
    {
        var settings = After([.. Enum.GetValues<RuleTimeout>().Select((t, i) => RuleActions.SetTimeout(t, TimeSpan.FromSeconds(i + 1)))]);

        Assert.Equal([1, 2, 3, 4, 5, 6], new[]
        {
            settings.ClientTimeout, settings.ConnectTimeout, settings.QueueTimeout, settings.ServerTimeout, settings.TarpitTimeout, settings.TunnelTimeout,
        }.Select(t => (int)t!.Value.TotalSeconds));
    }

    [Fact]
    public void SetTimeout_by_a_value_counts_milliseconds_and_leaves_the_limit_without_one()
    {
        var settings = After(
            RuleActions.SetTimeout(RuleTimeout.Server, Number(250)),
            RuleActions.SetTimeout(RuleTimeout.Server, None),
            RuleActions.SetTimeout(RuleTimeout.Server, Number(0)),
            RuleActions.SetTimeout(RuleTimeout.Client, Number(long.MaxValue)));

        Assert.Equal(TimeSpan.FromMilliseconds(250), settings.ServerTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(int.MaxValue), settings.ClientTimeout);
    }

    [Fact]
    public void SetTimeout_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>("time", () => RuleActions.SetTimeout(RuleTimeout.Client, TimeSpan.Zero));

    [Fact]
    public void What_concerns_servers_is_refused_in_a_frontend_and_clients_in_a_backend()
    {
        var frontend = new RuleCompiler
        {
            Frontend = new FrontendFacts { Name = "f", Id = 1, DefaultBackend = null, Connections = () => 0, ClientTimeout = null, TarpitTimeout = null },
        };
        foreach (var timeout in new[] { RuleTimeout.Connect, RuleTimeout.Queue, RuleTimeout.Server, RuleTimeout.Tunnel })
        {
            var fault = Assert.Throws<RuleFaultException>(() => RuleActions.SetTimeout(timeout, TimeSpan.FromSeconds(1)).Compile(frontend));
            Assert.Equal("'f' has no backend capability", fault.Message);
        }

        Assert.Throws<RuleFaultException>(() => RuleActions.SetRetries(1).Compile(frontend));
        Assert.NotNull(RuleActions.SetTimeout(RuleTimeout.Client, TimeSpan.FromSeconds(1)).Compile(frontend));
        Assert.NotNull(RuleActions.SetTimeout(RuleTimeout.Tarpit, TimeSpan.FromSeconds(1)).Compile(frontend));

        var backend = new RuleCompiler { Backend = new Backend(new BackendOptions { Name = "b" }, [], new BackendState()) };
        var other = Assert.Throws<RuleFaultException>(() => RuleActions.SetTimeout(RuleTimeout.Client, TimeSpan.FromSeconds(1)).Compile(backend));
        Assert.Equal("'b' has no frontend capability", other.Message);
        Assert.NotNull(RuleActions.SetTimeout(RuleTimeout.Server, TimeSpan.FromSeconds(1)).Compile(backend));
    }

    [Fact]
    public void SetRetries_takes_0_to_100_and_ignores_other_results()
    {
        Assert.Equal(7, After(RuleActions.SetRetries(7), RuleActions.SetRetries(Number(101)), RuleActions.SetRetries(Number(-1)), RuleActions.SetRetries(None)).Retries);
        Assert.Throws<ArgumentOutOfRangeException>("count", () => RuleActions.SetRetries(101));
    }

    [Fact]
    public void Log_asks_for_a_line_and_says_where()
    {
        var exchange = TestExchange.For("/");
        var host = new RecordingHost();
        exchange.Context.Host = host;

        ActionRun.OnRequest(exchange, RuleActions.Log).Run(RulePhases.AfterResponse, RuleActions.Log);

        Assert.Equal(["http-req", "http-after-res"], host.Logged);
    }

    [Fact]
    public void What_concerns_packets_is_told_the_clients_connection()
    {
        var exchange = TestExchange.For("/");
        var connection = new MarkedConnection();
        exchange.Context.Session.Connection = connection;

        ActionRun.OnRequest(
            exchange, RuleActions.SetClientMark(0xFFFFFFFF), RuleActions.SetClientMark(None), RuleActions.SetClientTypeOfService(Number(0x110)),
            RuleActions.SetClientTypeOfService(46), RuleActions.SilentDropWithin(3));

        Assert.Equal(["mark 4294967295", "tos 16", "tos 46", "hide 3"], connection.Told);
    }

    [Fact]
    public void What_concerns_packets_to_the_server_is_kept_for_its_connection() => Assert.Equal(
        new PacketMarks(0xFFFFFFFF, 46),
        After(
            RuleActions.SetServerMark(0xFFFFFFFF), RuleActions.SetServerMark(None), RuleActions.SetServerTypeOfService(Number(0x110)),
            RuleActions.SetServerTypeOfService(46)).ServerMarks);

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void A_reset_goes_1_to_255_hops(int hops) => Assert.Contains(
        "valid rst-ttl values are [1-255]",
        Assert.Throws<ArgumentOutOfRangeException>(nameof(hops), () => RuleActions.SilentDropWithin(hops)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void What_concerns_packets_does_nothing_without_a_connection() =>
        Assert.Equal(RuleOutcome.Next, ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetClientMark(1)).Outcome);

    [Fact]
    public void DisableReplay_forbids_it() => Assert.True(After(RuleActions.DisableReplay).ForbidsReplay);

    [Fact]
    public void SetLogLevel_counts_the_last_one() =>
        Assert.Equal(LogLevel.None, After(RuleActions.SetLogLevel(LogLevel.Warning), RuleActions.SetLogLevel(LogLevel.None)).LogLevel);

    [Theory]
    [InlineData(5, 5, 5)]
    [InlineData(-3_000, -2_047, -3_000)]
    [InlineData(600_000, 2_047, 524_287)]
    [InlineData(-600_000, -2_047, -524_287)]
    public void Priorities_are_taken_to_the_nearest_there_is(int value, int priorityClass, int offset)
    {
        var settings = After(RuleActions.SetPriorityClass(value), RuleActions.SetPriorityOffset(Number(value)), RuleActions.SetPriorityClass(None));

        Assert.Equal((priorityClass, offset), (settings.PriorityClass, settings.PriorityOffset));
    }

    [Fact]
    public void What_has_no_effect_here_goes_on() =>
        Assert.Equal(RuleOutcome.Next, ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetNice(5_000), RuleActions.WaitForHandshake).Outcome);

    [Fact]
    public void Pause_waits_its_time_and_goes_on()
    {
        var run = ActionRun.OnRequest(
            TestExchange.For("/"),
            RuleActions.Pause(TimeSpan.FromSeconds(1)),
            RuleActions.Pause(Number(20)),
            RuleActions.Pause(Number(0)),
            RuleActions.Pause(Number(-5)),
            RuleActions.Pause(None));

        Assert.Equal(RuleOutcome.Next, run.Outcome);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(20)], run.Host.Delays);
        Assert.Throws<ArgumentOutOfRangeException>("time", () => RuleActions.Pause(TimeSpan.Zero));
    }

    [Fact]
    public void Pause_of_a_client_that_left_ends_the_exchange()
    {
        var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler());
        run.Host.IsGone = true;

        Assert.Equal((RuleOutcome.Final, VerdictKind.Reject), (run.Run(RulePhases.Request, RuleActions.Pause(Number(1))).Outcome, run.Context.Verdict!.Kind));
    }

    [Theory]
    [InlineData(BodyWait.Done, RuleOutcome.Next, null)]
    [InlineData(BodyWait.TimedOut, RuleOutcome.Final, 408)]
    [InlineData(BodyWait.Failed, RuleOutcome.Final, 400)]
    public void WaitForBody_goes_on_once_it_is_here(object end, object outcome, int? status)
    {
        var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler());
        run.Host.BodyEnd = (BodyWait)end;
        run.Run(RulePhases.Request, RuleActions.WaitForBody(TimeSpan.FromSeconds(2), 100));

        Assert.Equal([(100, TimeSpan.FromSeconds(2))], run.Host.BodyWaits);
        Assert.Equal((outcome, status), (run.Outcome, run.Context.Verdict?.Status));
    }

    [Fact]
    public void WaitForBody_does_not_wait_for_what_is_here()
    {
        var complete = ActionRun.With(TestExchange.For("/"), new RuleCompiler());
        complete.Context.IsRequestBodyComplete = true;
        complete.Run(RulePhases.Request, RuleActions.WaitForBody(null));
        var enough = ActionRun.With(TestExchange.For("/"), new RuleCompiler());
        enough.Context.RequestBody = new byte[10];
        enough.Run(RulePhases.Request, RuleActions.WaitForBody(null, 10), RuleActions.WaitForBody(null, 11));

        Assert.Empty(complete.Host.BodyWaits);
        Assert.Equal([(11, null)], enough.Host.BodyWaits);
    }
}

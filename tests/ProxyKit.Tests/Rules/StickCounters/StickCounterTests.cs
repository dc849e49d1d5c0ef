using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Tests.Rules.StickCounters;

/// <summary>Tracking, and what the counters say afterwards, asked as rules ask.</summary>
public sealed class StickCounterTests : IDisposable
{
    private readonly StickTable _ips = new(
        new StickTableOptions
        {
            Name = "ips",
            KeyType = StickKeyType.IPv6,
            Size = 1024,
            Store =
            {
                new(StickDataType.Requests), new(StickDataType.RequestRate, TimeSpan.FromSeconds(10)), new(StickDataType.CurrentConnections),
                new(StickDataType.Counters, null, 3), new(StickDataType.CounterRates, TimeSpan.FromSeconds(60), 3), new(StickDataType.Tags, null, 2),
            },
        },
        TimeProvider.System);

    private readonly StickTable _tokens = new(
        new StickTableOptions
        {
            Name = "tokens",
            KeyType = StickKeyType.String,
            KeyLength = 5,
            Size = 16,
            Store = { new(StickDataType.Requests), new(StickDataType.Counter0), new(StickDataType.Tag0) },
        },
        TimeProvider.System);

    private readonly TestExchange _exchange = TestExchange.With("X-Token: secret-1").From("192.0.2.7");

    public void Dispose()
    {
        _exchange.Context.Reset();
        _ips.Dispose();
        _tokens.Dispose();
    }

    [Fact]
    public void A_condition_right_behind_the_tracking_rule_sees_the_request()
    {
        Run(StickActions.Track(0, Value.Parse("src"), "ips"));

        Assert.Equal("1", Ask("sc_http_req_cnt(0)"));
        Assert.Equal("1", Ask("sc0_http_req_rate"));
        Assert.Equal("1", Ask("sc_conn_cur(0)"));
        Assert.Equal("1", Ask("src_http_req_cnt(ips)"));
        Assert.Equal("1", Ask("sc_tracked(0)"));
        Assert.Equal("::ffff:192.0.2.7", Ask("sc_key(0)"));
        Assert.Equal("1", Ask("table_cnt(ips)"));
        Assert.Equal("1023", Ask("table_avl(ips)"));
    }

    [Fact]
    public void What_is_not_tracked_or_not_stored_has_no_sample()
    {
        Assert.Null(Ask("sc_http_req_cnt(0)"));
        Assert.Equal("0", Ask("sc_tracked(0)"));

        Run(StickActions.Track(0, Value.Parse("src"), "ips"));

        Assert.Null(Ask("sc_sess_cnt(0)"));
        Assert.Null(Ask("sc_get_gpc(3,0)"));
        Assert.Null(Ask("sc_http_req_cnt(1)"));
        Assert.Null(Ask("src_sess_rate(ips)"));
    }

    [Fact]
    public void A_key_that_is_not_there_has_counted_none_of_what_is_not_stored_either()
    {
        Assert.Equal("0", Ask("src_sess_rate(ips)"));
        Assert.Equal("0", Ask("src,table_sess_cnt(ips)"));
        Assert.Equal("0", Ask("src,table_gpc(7,ips)"));
        Assert.Null(Ask("src,table_clr_gpc1(tokens)"));
        Assert.Equal((0, 0), (_ips.Used, _tokens.Used));

        Run(StickActions.Track(0, Value.Parse("src"), "ips"));

        Assert.Null(Ask("src,table_sess_cnt(ips)"));
    }

    [Fact]
    public void An_unknown_address_has_counted_nothing_and_is_not_entered_by_asking()
    {
        Assert.Equal("0", Ask("src_http_req_cnt(ips)"));
        Assert.Equal(0, _ips.Used);
        Assert.Equal("1", Ask("src_inc_gpc(1,ips)"));
        Assert.Equal(1, _ips.Used);
    }

    [Theory]
    [InlineData("sc_http_req_cnt(4294967296)", "4294967296")] // 0, in 32 bits
    [InlineData("sc_http_req_cnt(-1)", "-1")]
    [InlineData("sc_tracked(4294967296)", "4294967296")]
    [InlineData("sc_trackers(4294967296)", "4294967296")]
    [InlineData("sc_key(4294967296)", "4294967296")]
    [InlineData("sc_inc_gpc(4294967296,0)", "4294967296")]
    [InlineData("sc0_clr_gpc(4294967296)", "4294967296")]
    [InlineData("src_get_gpc(4294967296,ips)", "4294967296")]
    [InlineData("src,table_gpc(4294967296,ips)", "4294967296")]
    public void A_number_that_no_counter_has_is_refused(string expression, string number)
    {
        var fault = Assert.ThrowsAny<Exception>(() => Ask(expression));

        Assert.Contains($"'{number}' is no number of a counter", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_rule_for_a_number_counts()
    {
        Run(StickActions.Track(0, Value.Parse("src"), "ips"), StickActions.Track(0, Value.Parse("req.hdr(x-token)"), "tokens"));

        Assert.Equal("::ffff:192.0.2.7", Ask("sc_key(0)"));
        Assert.Equal(0, _tokens.Used);
    }

    [Fact]
    public void String_keys_are_cut_to_their_length()
    {
        Run(StickActions.Track(1, Value.Parse("req.hdr(x-token)"), "tokens"));

        Assert.Equal("secre", Ask("sc_key(1)"));
        Assert.Equal("1", Ask("req.hdr(x-token),table_http_req_cnt(tokens)"));
        Assert.Equal("1", Ask("req.hdr(x-token),in_table(tokens)"));
        Assert.Equal("0", Ask("req.hdr(host),in_table(tokens)"));
    }

    [Fact]
    public void Counting_tells_the_new_value_and_clearing_the_old_one()
    {
        Run(StickActions.Track(0, Value.Parse("src"), "ips"));

        Assert.Equal("1", Ask("sc_inc_gpc(1,0)"));
        Assert.Equal("2", Ask("sc_inc_gpc(1,0)"));
        Assert.Equal("2", Ask("sc_gpc_rate(1,0)"));
        Assert.Equal("2", Ask("sc_clr_gpc(1,0)"));
        Assert.Equal("0", Ask("sc_get_gpc(1,0)"));
        Assert.Equal("1", Ask("sc_inc_gpc0(0)")); // stands for the array's first
        Assert.Equal("1", Ask("sc_get_gpc(0,0)"));
        Assert.Equal("1", Ask("sc_get_gpc0(0)"));
    }

    [Fact]
    public void Actions_count_and_tag()
    {
        Run(
            StickActions.Track(0, Value.Parse("src"), "ips"),
            StickActions.Track(1, Value.Parse("req.hdr(x-token)"), "tokens"),
            StickActions.Increment(2, 0),
            StickActions.Add(2, 0, Value.Parse("int(41)")),
            StickActions.SetTag(1, 0, Value.Parse("int(7)")),
            StickActions.Increment0(1),
            StickActions.SetTag0(1, Value.Parse("int(9)")),
            StickActions.Increment(0, 5));

        Assert.Equal("42", Ask("sc_get_gpc(2,0)"));
        Assert.Equal("7", Ask("sc_get_gpt(1,0)"));
        Assert.Equal("1", Ask("sc1_get_gpc0"));
        Assert.Equal("9", Ask("sc1_get_gpt0"));
    }

    [Fact]
    public void What_an_exchange_tracks_is_let_go_with_it()
    {
        Run(StickActions.Track(0, Value.Parse("src"), "ips"));
        Assert.Equal("1", Ask("sc_trackers(0)"));

        _exchange.Context.Counters.Release();

        Assert.Equal("0", Ask("src_conn_cur(ips)"));
        Assert.All(_ips.All(), entry => Assert.Equal(0, entry.Uses));
    }

    private RuleCompiler Compiler() => new() { Tables = new Dictionary<string, StickTable> { ["ips"] = _ips, ["tokens"] = _tokens } };

    private void Run(params RuleAction[] actions)
    {
        var rules = RuleList.Compile(
            [.. actions.Select(a => new RuleOptions(a))], RulePhases.Request, Compiler(), (_, fault) => Assert.Fail(fault));
        var index = 0;
        Assert.Equal(RuleOutcome.Next, rules!.Run(_exchange.Context, ref index)); // there are some
    }

    private string? Ask(string expression)
    {
        var sample = default(Sample);
        return Value.Parse(expression).Compile(Compiler()).TryEvaluate(_exchange.Context, ref sample) ? sample.ToString() : null;
    }
}

using System.Globalization;
using ProxyKit.Rules;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ProcessFetchesTests
{
    private static readonly RuleContext Context = new();

    [Theory]
    [InlineData("date", "1795251169")]
    [InlineData("date()", "1795251169")]
    [InlineData("date(-3600)", "1795247569")]
    [InlineData("date(0,ms)", "1795251169693")]
    [InlineData("date(5,ms)", "1795251169698")]
    [InlineData("date(0,us)", "1795251169693471")]
    [InlineData("date_us", "693471")]
    public void Date_is_that_of_the_clock(string expression, string expected)
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(17_952_511_696_934_710));

        Assert.Equal(expected, Context.Ask(expression, new RuleCompiler { Time = time }));
    }

    [Theory]
    [InlineData("date(,ms)")]
    [InlineData("date(0,h)")]
    [InlineData("date(x)")]
    [InlineData("uuid(5)")]
    public void Faulty_arguments_are_refused(string expression) => Assert.Throws<RuleFaultException>(() => Context.Ask(expression));

    [Fact]
    public void Environment_is_that_of_the_process()
    {
        Environment.SetEnvironmentVariable("PROXYKIT_TEST_EMPTY", "");
        Environment.SetEnvironmentVariable("PROXYKIT_TEST_SET", "é");

        Assert.Null(Context.Ask("env(PROXYKIT_TEST_UNSET)"));
        Assert.Equal("Ã©", Context.Ask("env(PROXYKIT_TEST_SET)")); // the bytes of UTF-8
        Assert.Equal(Environment.GetEnvironmentVariable("PROXYKIT_TEST_EMPTY"), Context.Ask("env(PROXYKIT_TEST_EMPTY)"));
    }

    [Fact]
    public void Process_tells_its_number_and_host()
    {
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Context.Ask("pid"));
        Assert.Equal("1", Context.Ask("proc"));
        Assert.Equal("1", Context.Ask("nbproc"));
        Assert.Equal(System.Net.Dns.GetHostName(), Context.Ask("hostname"));
        Assert.InRange(long.Parse(Context.Ask("uptime") ?? "", CultureInfo.InvariantCulture), 0, 86_400);
        Assert.Null(Context.Ask("quic_enabled"));
    }

    [Fact]
    public void Chance_is_below_its_range()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(long.Parse(Context.Ask("rand(10)") ?? "", CultureInfo.InvariantCulture), 0, 9);
            Assert.InRange(long.Parse(Context.Ask("rand") ?? "", CultureInfo.InvariantCulture), 0, uint.MaxValue);
        }

        Assert.Equal("0", Context.Ask("rand(0)"));
        Assert.Equal("0", Context.Ask("rand(1)"));
    }

    [Fact]
    public void Uuid_is_of_the_version_asked_for()
    {
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Context.Ask("uuid"));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Context.Ask("uuid(7)"));
        Assert.NotEqual(Context.Ask("uuid(4)"), Context.Ask("uuid(4)"));
    }

    [Fact]
    public void Priority_is_what_rules_have_set()
    {
        var exchange = TestExchange.For("/");
        exchange.Context.Settings.PriorityClass = -5;

        Assert.Equal("-5", exchange.Ask("prio_class"));
        Assert.Equal("0", exchange.Ask("prio_offset"));
        Assert.Null(Context.Ask("prio_class"));
    }

    [Theory]
    [InlineData("date", true)]
    [InlineData("date_us", true)]
    [InlineData("rand", true)]
    [InlineData("uuid", true)]
    [InlineData("accept_date", true)]
    [InlineData("req.len", true)]
    [InlineData("src", false)]
    public void Values_that_change_by_themselves_are_known_as_such(string expression, bool expected) =>
        Assert.Equal(expected, Fetching.Compile(expression).IsVolatile);
}

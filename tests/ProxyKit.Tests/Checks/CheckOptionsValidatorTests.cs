using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tests.Checks;

/// <summary>Every fault about checks is told with its path, all at once.</summary>
public sealed class CheckOptionsValidatorTests
{
    [Fact] // HC-14
    public void Observing_without_checks_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Observe(ObservedLayer.Connections)),
        "backend \"b\" > server \"s\" > Observe: the server is not checked, and nothing else would bring it back.");

    [Fact]
    public void Observing_responses_in_TCP_mode_is_refused() => Refused(
        static b => b.Mode(ProxyMode.Tcp).CheckTcp().AddServer("s", "127.0.0.1:1", static s => s.Observe(ObservedLayer.Responses)),
        "backend \"b\" > server \"s\" > Observe > Layer: in TCP mode there are no responses to look at.");

    [Fact]
    public void Loop_of_tracking_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("b/t")).AddServer("t", "127.0.0.1:1", static s => s.Track("b/s")),
        "backend \"b\" > server \"s\" > Track: 'b/t' belongs to a chain that loops back to 'b/s'.");

    [Fact]
    public void Tracking_a_server_that_is_not_there_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("x")),
        "backend \"b\" > server \"s\" > Track: there is no server \"x\"; it is written as \"backend/server\".");

    [Fact]
    public void Tracking_a_server_of_which_nothing_is_known_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("b/t")).AddServer("t", "127.0.0.1:1"),
        "backend \"b\" > server \"s\" > Track: 'b/t' has neither a check nor an agent.");

    [Fact]
    public void Tracking_across_backends_that_read_a_404_differently_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("other/t")),
        "backend \"b\" > server \"s\" > Track: 'other/t' cannot be tracked from here: DisableOn404 has to be the same in both backends.",
        static b => b.CheckHttp("GET", "/", static c => c.DisableOn404()).AddServer("t", "127.0.0.1:1"));

    [Fact]
    public void Tracking_beside_a_check_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("b/t").Configure(static o => o.Check = new())).AddServer("t", "127.0.0.1:1"),
        "backend \"b\" > server \"s\" > Track: the server cannot be checked and track another at the same time.");

    [Fact]
    public void Start_of_ones_own_beside_tracking_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Track("b/t").StartsAs(InitialServerState.Down)).AddServer("t", "127.0.0.1:1"),
        "backend \"b\" > server \"s\" > InitialState: a server that tracks another starts as that one.");

    [Fact]
    public void Interval_of_nothing_is_refused() => Refused(
        static b => b.CheckTcp(static c => c.Every(TimeSpan.Zero)).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > CheckServers > Interval: 00:00:00 is out of range (1 ms to 24.8 days).");

    [Fact]
    public void Rise_of_nothing_is_refused() => Refused(
        static b => b.CheckTcp(static c => c.Rise(0)).AddServer("s", "127.0.0.1:1"), "backend \"b\" > CheckServers > Rise: 0 is out of range");

    [Fact]
    public void Statuses_that_are_none_are_refused() => Refused(
        static b => b.CheckHttp("GET", "/", static c => c.ExpectStatus("2xx")).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck > Steps: '2xx' is neither a status nor a range of them.");

    [Fact]
    public void Step_of_another_kind_is_refused() => Refused(
        static b => b.CheckTcp(static c => c.ExpectStatus("200")).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck > Steps: number 1, HttpExpectStep, is not for Script.");

    [Fact]
    public void Line_end_in_a_field_is_refused() => Refused(
        static b => b.CheckHttp("GET", "/", static c => c.Header("a", "b\r\nc: d")).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck > Steps: number 1 is no request");

    [Fact]
    public void Field_without_a_value_is_refused() => Refused(
        static b => b.CheckHttp("GET", "/", static c => c.Request(new HttpSendStep { HeaderFormats = [new("a", null!)] })).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck > Steps: number 1 is no request");

    [Theory]
    [InlineData(CheckStatus.Checked)]
    [InlineData(CheckStatus.Initializing)]
    public void Expectation_that_comes_to_nothing_is_refused(CheckStatus status)
    {
        Refuse("SuccessStatus", new() { Kind = CheckPattern.Text, Pattern = "x", SuccessStatus = status });
        Refuse("ErrorStatus", new() { Kind = CheckPattern.Text, Pattern = "x", ErrorStatus = status });
        Refuse("TimeoutStatus", new() { Kind = CheckPattern.Text, Pattern = "x", TimeoutStatus = status });

        void Refuse(string name, ExpectStep step) => Refused(
            b => b.CheckTcp(c => c.Step(step)).AddServer("s", "127.0.0.1:1"),
            $"backend \"b\" > HealthCheck > Steps: number 1: {name}: {status} does not say whether the server works.");
    }

    [Theory]
    [InlineData(CheckPattern.Regex)]
    [InlineData(CheckPattern.BinaryRegex)]
    public void Expression_that_would_be_made_for_each_check_is_refused(CheckPattern kind) => Refused(
        b => b.CheckTcp(c => c.Step(new ExpectStep { Kind = kind, PatternFormat = Value.Text("x") })).AddServer("s", "127.0.0.1:1"),
        $"backend \"b\" > HealthCheck > Steps: a PatternFormat is not for {kind}.");

    [Theory]
    [InlineData(HttpExpectation.Status)]
    [InlineData(HttpExpectation.StatusRegex)]
    [InlineData(HttpExpectation.BodyRegex)]
    public void Statuses_or_expression_that_would_be_made_for_each_check_are_refused(HttpExpectation kind) => Refused(
        b => b.CheckHttp("GET", "/", c => c.Step(new HttpExpectStep { Kind = kind, Pattern = "200", PatternFormat = Value.Text("x") })).AddServer("s", "127.0.0.1:1"),
        $"backend \"b\" > HealthCheck > Steps: a PatternFormat is not for {kind}.");

    [Fact]
    public void Expression_for_a_field_that_would_be_made_for_each_check_is_refused() => Refused(
        static b => b
            .CheckHttp("GET", "/", static c => c.Step(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = "a", ValueFormat = Value.Text("x"), ValueMatch = "reg" }))
            .AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck > Steps: a regular expression cannot be made anew for each check.");

    [Fact]
    public void Program_is_refused_unless_they_are_allowed() => Refused(
        static b => b.Check(new HealthCheckOptions { Kind = HealthCheckKind.External, Command = "/bin/true" }).AddServer("s", "127.0.0.1:1"),
        "backend \"b\" > HealthCheck: programs are run only where AllowsExternalChecks says so.");

    [Fact]
    public void Agent_without_a_port_is_refused() => Refused(
        static b => b.AddServer("s", "127.0.0.1:1", static s => s.Agent(0)), "backend \"b\" > server \"s\" > Agent > Port: 0 is out of range (1-65535).");

    private static void Refused(Action<BackendBuilder> backend, string fault, Action<BackendBuilder>? other = null)
    {
        var builder = new ProxyBuilder();
        builder.AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b")).AddBackend("b", backend);
        if (other is not null)
        {
            builder.AddBackend("other", other);
        }

        Assert.Contains(Proxy.Check(builder.Build()), f => f.StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_of_a_request_are_no_null()
    {
        Assert.Throws<ArgumentNullException>(static () => new HttpSendStep { Headers = null! });
        Assert.Throws<ArgumentNullException>(static () => new HttpSendStep { HeaderFormats = null! });
    }
}

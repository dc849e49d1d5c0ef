using System.Net;
using System.Text;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using ProxyKit.Rules;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class StateActionTests
{
    private static string? Read(ActionRun run, string name)
    {
        Assert.True(VariableName.TryParse(name, out var parsed, out _));
        var sample = default(Sample);
        return run.Compiler.Variables.For(parsed).TryGet(run.Context, ref sample) ? $"{sample.Type} {sample.ToString()}" : null;
    }

    [Theory]
    [InlineData("txn.a")]
    [InlineData("req.a")]
    [InlineData("sess.a")]
    [InlineData("proc.a")]
    [InlineData("res.a")]
    public void SetVariable_keeps_the_type_and_UnsetVariable_takes_it_away(string name)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetVariable(name, Number(7)));
        Assert.Equal("Integer 7", Read(run, name));
        run.Run(RulePhases.Request, RuleActions.SetVariable(name, None));
        Assert.Equal("Integer 7", Read(run, name));
        run.Run(RulePhases.Request, RuleActions.SetVariableText(name, Number(8)));
        Assert.Equal("String 8", Read(run, name));
        run.Run(RulePhases.Request, RuleActions.SetVariableText(name, None));
        Assert.Equal("String ", Read(run, name));
        run.Run(RulePhases.Request, RuleActions.UnsetVariable(name));
        Assert.Null(Read(run, name));
    }

    [Fact]
    public void SetVariableText_is_raw() =>
        Assert.Equal("String a\r\nb", Read(ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetVariableText("txn.a", Text("a\r\nb"))), "txn.a"));

    [Theory]
    [InlineData(VariableConditions.IfSet, null, 1, false)]
    [InlineData(VariableConditions.IfSet, 5L, 1, true)]
    [InlineData(VariableConditions.IfNotSet, null, 1, true)]
    [InlineData(VariableConditions.IfNotSet, 5L, 1, false)]
    [InlineData(VariableConditions.IfExists, null, 1, false)]
    [InlineData(VariableConditions.IfExists, 5L, 1, true)]
    [InlineData(VariableConditions.IfNotExists, null, 1, true)]
    [InlineData(VariableConditions.IfNotExists, 5L, 1, false)]
    [InlineData(VariableConditions.IfGreater, 5L, 4, true)]
    [InlineData(VariableConditions.IfGreater, 5L, 5, false)]
    [InlineData(VariableConditions.IfGreater, 5L, 6, false)]
    [InlineData(VariableConditions.IfGreater, null, 6, true)]
    [InlineData(VariableConditions.IfLess, 5L, 4, false)]
    [InlineData(VariableConditions.IfLess, 5L, 5, false)]
    [InlineData(VariableConditions.IfLess, 5L, 6, true)]
    [InlineData(VariableConditions.IfLess, null, 6, true)]
    [InlineData(VariableConditions.IfEmpty, 5L, 6, false)]
    [InlineData(VariableConditions.IfNotEmpty, 5L, 6, true)]
    [InlineData(VariableConditions.IfSet | VariableConditions.IfLess, 5L, 6, true)]
    [InlineData(VariableConditions.IfSet | VariableConditions.IfLess, 5L, 4, false)]
    public void SetVariable_asks_all_its_conditions(VariableConditions conditions, object? old, long value, bool isSet)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetVariable("txn.a", old is long number ? Number(number) : None));
        run.Run(RulePhases.Request, RuleActions.SetVariable("txn.a", Number(value), conditions));

        Assert.Equal(isSet ? $"Integer {value}" : old is null ? null : $"Integer {old}", Read(run, "txn.a"));
    }

    [Theory]
    [InlineData(VariableConditions.IfEmpty, "", true)]
    [InlineData(VariableConditions.IfEmpty, "x", false)]
    [InlineData(VariableConditions.IfNotEmpty, "", false)]
    [InlineData(VariableConditions.IfNotEmpty, "x", true)]
    [InlineData(VariableConditions.IfGreater, "x", true)]
    public void SetVariable_asks_whether_a_text_is_empty(VariableConditions conditions, string text, bool isSet) => Assert.Equal(
        isSet ? $"String {text}" : null,
        Read(ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetVariable("txn.a", Text(text), conditions)), "txn.a"));

    [Fact]
    public void A_variable_of_the_process_is_there_from_the_start() => Assert.Equal(
        "Integer 1",
        Read(ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetVariable("proc.a", Number(1), VariableConditions.IfExists)), "proc.a"));

    [Fact]
    public void A_name_without_a_scope_is_refused() => Assert.Contains(
        "A variable name must start with its scope",
        Assert.Throws<ArgumentException>("name", () => RuleActions.SetVariable("a", Number(1))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("txn.a")]
    [InlineData("req.a")]
    [InlineData("res.a")]
    public void Before_a_request_there_are_no_variables_of_one(string name)
    {
        foreach (var phase in new[] { RulePhases.Connection, RulePhases.Session })
        {
            var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler());
            Assert.Throws<RuleFaultException>(() => run.Run(phase, RuleActions.SetVariable(name, Number(1))));
            Assert.Throws<RuleFaultException>(() => run.Run(phase, RuleActions.UnsetVariable(name)));
            Assert.Equal(RuleOutcome.Next, run.Run(phase, RuleActions.SetVariable("sess.a", Number(1))).Outcome);
        }
    }

    private static FrontendFacts Frontend(CapturePlan? captures = null) => new()
    {
        Name = "f",
        Id = 1,
        DefaultBackend = null,
        Connections = () => 0,
        ClientTimeout = null,
        TarpitTimeout = null,
        Captures = captures ?? new CapturePlan(),
    };

    private static string? Captured(CaptureSet captures, int slot) => captures.TryGet(slot, out var text) ? Encoding.Latin1.GetString(text) : null;

    [Fact]
    public void Capture_takes_the_next_slot_and_cuts_to_its_length()
    {
        var facts = Frontend();
        facts.Captures.AddRequestSlot(10);
        var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler { Frontend = facts }).Run(
            RulePhases.Request,
            RuleActions.Capture(Text("abcdef"), 4),
            RuleActions.Capture(Text("x"), 4),
            RuleActions.CaptureTo(Text("abcdefghijklm"), 0),
            RuleActions.CaptureTo(None, 0));

        Assert.Equal(("abcdefghij", "abcd", "x"), (Captured(run.Context.RequestCaptures, 0), Captured(run.Context.RequestCaptures, 1), Captured(run.Context.RequestCaptures, 2)));
        Assert.Equal(3, facts.Captures.RequestSlots);
    }

    [Fact]
    public void CaptureTo_on_a_response_keeps_it_in_a_slot_of_responses()
    {
        var facts = Frontend(new CapturePlan([Capture.ResponseSlot(3)]));
        var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler { Frontend = facts })
            .Run(RulePhases.Response, RuleActions.CaptureTo(Text("abcd"), 0));

        Assert.Equal("abc", Captured(run.Context.ResponseCaptures, 0));
    }

    [Fact]
    public void CaptureTo_a_slot_that_is_not_there_is_a_fault_in_a_frontend_and_nothing_in_a_backend()
    {
        var inFrontend = ActionRun.With(TestExchange.For("/"), new RuleCompiler { Frontend = Frontend() });
        var fault = Assert.Throws<RuleFaultException>(() => inFrontend.Run(RulePhases.Request, RuleActions.CaptureTo(Text("a"), 3)));
        Assert.Equal("0: unable to find capture id '3' referenced by http-request capture rule", fault.Message);

        var exchange = TestExchange.For("/");
        exchange.Context.Frontend = Frontend();
        exchange.Context.Frontend.Captures.AddRequestSlot(5);
        var run = ActionRun.OnRequest(exchange, RuleActions.CaptureTo(Text("a"), 3), RuleActions.CaptureTo(Text("b"), 0));
        Assert.Equal((null, "b"), (Captured(run.Context.RequestCaptures, 3), Captured(run.Context.RequestCaptures, 0)));
    }

    [Fact]
    public void Capture_with_a_length_is_for_frontends_and_requests()
    {
        Assert.Throws<RuleFaultException>(() => ActionRun.OnRequest(TestExchange.For("/"), RuleActions.Capture(Text("a"), 3)));
        Assert.Equal(RulePhases.Content | RulePhases.Request, RuleActions.Capture(Text("a"), 3).Phases);
    }

    [Fact]
    public void Maps_and_patterns_are_edited_in_the_file_that_conditions_and_maps_read()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "k old\ngone x\n");
        var compiler = new RuleCompiler();
        var map = PatternFile.For(compiler, path);
        map.Load(asMap: true);
        map.IndexFor(new PatternStyle(MatchMethod.Exact));
        var unread = PatternFile.For(compiler, "unread.map");
        ActionRun.With(TestExchange.For("/"), compiler).Run(
            RulePhases.Request,
            RuleActions.SetMap(path, Text("k"), Text("v")),
            RuleActions.DelMap(path, Text("gone")),
            RuleActions.SetMap("unread.map", Text("k"), Text("v")));
        File.Delete(path);

        Assert.Equal("v", Encoding.Latin1.GetString(map.Lookup("k"u8)!.Value!.Text));
        Assert.Null(map.Lookup("gone"u8));
        Assert.Equal(0, unread.Count);
    }

    [Theory]
    [InlineData("10.9.8.7", "10.9.8.7:50000")]
    [InlineData("2001:db8::1", "[2001:db8::1]:50000")]
    public void SetSource_keeps_the_port_and_is_for_this_exchange_alone(string address, string endPoint)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/").From("192.0.2.1"), RuleActions.SetSource(Address(address)));

        Assert.Equal(endPoint, run.Context.SourceEndPoint!.ToString());
        Assert.Equal("192.0.2.1:50000", run.Context.Session.Source!.ToString());
    }

    [Fact]
    public void SetSource_reads_text_and_leaves_what_is_no_address()
    {
        Assert.Equal("1.2.3.4", ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetSource(Text("1.2.3.4"))).Context.Source!.ToString());
        Assert.Equal("192.0.2.1", ActionRun.OnRequest(
            TestExchange.For("/").From("192.0.2.1"), RuleActions.SetSource(Text("nobody")), RuleActions.SetSource(None)).Context.Source!.ToString());
    }

    [Theory]
    [InlineData(70_000, 4_464)]
    [InlineData(80, 80)]
    public void SetSourcePort_takes_the_low_16_bits(long number, int port)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/").From("192.0.2.1"), RuleActions.SetSourcePort(Number(number)));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), port), run.Context.SourceEndPoint);
        Assert.Equal(
            new IPEndPoint(IPAddress.Any, port),
            ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetDestinationPort(Number(number))).Context.DestinationEndPoint);
    }

    [Fact]
    public void An_address_set_on_the_connection_is_the_connections_and_on_the_session_the_sessions()
    {
        var run = ActionRun.With(TestExchange.For("/").From("192.0.2.1"), new RuleCompiler());
        run.Context.Session.ConnectionSource = run.Context.Session.Source;
        run.Run(RulePhases.Session, RuleActions.SetSource(Address("10.0.0.1")), RuleActions.SetDestination(Address("10.0.0.2")));
        var session = run.Context.Session;
        Assert.Equal(("10.0.0.1:50000", "192.0.2.1:50000", "10.0.0.2:0", null), (
            session.Source!.ToString(), session.ConnectionSource!.ToString(), session.Destination!.ToString(), session.ConnectionDestination));

        run.Run(RulePhases.Connection, RuleActions.SetSource(Address("10.0.0.3")), RuleActions.SetDestinationPort(Number(9)));
        Assert.Equal(("10.0.0.3:50000", "10.0.0.3:50000", "10.0.0.2:9", "10.0.0.2:9"), (
            session.Source!.ToString(), session.ConnectionSource!.ToString(), session.Destination!.ToString(), session.ConnectionDestination!.ToString()));
    }
}

using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class HeaderActionTests
{
    private static readonly string[] Ok = ["HTTP/1.1 200 OK", "Content-Length: 3"];

    private static TestExchange Request(params string[] fields) => TestExchange.Of(["GET /p HTTP/1.1", "Host: a.example", .. fields]);

    private static string[] After(string[] fields, params RuleAction[] actions) =>
        ActionRun.OnRequest(Request(fields), actions).Request[2..]; // behind the request line and the host

    [Fact]
    public void SetHeader_takes_the_place_of_all_of_the_name_at_the_end_and_in_lower_case() =>
        Assert.Equal(["Y: 2", "x-client: new"], After(["X-Client: a", "Y: 2", "x-client: b"], RuleActions.SetHeader("X-Client", "new")));

    [Fact]
    public void SetHeader_computes_its_value_before_it_removes() =>
        Assert.Equal(["x-client: a"], After(["X-Client: a"], RuleActions.SetHeader("X-Client", Field("X-Client"))));

    [Fact]
    public void SetHeader_without_a_sample_writes_an_empty_field() =>
        Assert.Equal(["x: "], After(["X: a"], RuleActions.SetHeader("X", None)));

    [Fact]
    public void SetHeader_edits_the_response_and_its_value_may_be_another_field_of_it() => Assert.Equal(
        ["HTTP/1.1 200 OK", "Content-Length: 3", "x-length: 3"],
        ActionRun.OnResponse(Ok, RuleActions.SetHeader("X-Length", Field("Content-Length"))).Response);

    [Fact]
    public void AddHeader_stands_beside_those_of_its_name() =>
        Assert.Equal(["X: a", "x: b"], After(["X: a"], RuleActions.AddHeader("X", "b")));

    [Theory]
    [InlineData("a\r\nb: c", "a%0D%0Ab: c")]
    [InlineData("\0\u0001\u0008\u001f\u007f", "%00%01%08%1F%7F")]
    [InlineData("a\tb é\"\\", "a\tb é\"\\")]
    public void Values_have_their_control_bytes_written_as_percent_and_nothing_else(string value, string written)
    {
        Assert.Equal([$"x: {written}"], After([], RuleActions.SetHeader("X", Text(value))));
        Assert.Equal([$"x: {written}"], After([], RuleActions.AddHeader("X", Text(value))));
        Assert.Equal([$"X: {written}"], After(["X: 1"], RuleActions.ReplaceHeader("X", "1", Text(value.Replace("\\", "\\\\", StringComparison.Ordinal)))));
    }

    [Fact]
    public void A_binary_value_is_text_up_to_its_first_nul() =>
        Assert.Equal(["x: ab"], After([], RuleActions.SetHeader("X", Binary([.. "ab\0cd"u8]))));

    [Theory]
    [InlineData("x-a", HeaderNameMatch.Exact, "X-Ab: 2,aX-A: 3,Y: 4")]
    [InlineData("X-", HeaderNameMatch.Prefix, "aX-A: 3,Y: 4")]
    [InlineData("-A", HeaderNameMatch.Suffix, "X-Ab: 2,Y: 4")]
    [InlineData("X-a", HeaderNameMatch.Contains, "Y: 4")]
    [InlineData("^x-", HeaderNameMatch.Regex, "aX-A: 3,Y: 4")]
    [InlineData("^X-", HeaderNameMatch.Regex, "X-A: 1,X-Ab: 2,aX-A: 3,Y: 4")]
    public void DelHeader_compares_names_without_case_but_by_regex_in_lower_case(string name, HeaderNameMatch match, string left) => Assert.Equal(
        left.Split(','), After(["X-A: 1", "X-Ab: 2", "aX-A: 3", "Y: 4"], RuleActions.DelHeader(name, match)));

    [Theory]
    [InlineData("^v", "z", "value", "z")]
    [InlineData("(.*)", @"<\1>", "value", "<value>")]
    [InlineData("(a)(b)?", @"\0|\1|\2|\3", "a", "a|a||")]
    [InlineData("v", @"\x41\x4z\q", "v", "Ax4zq")]
    [InlineData("V", "z", "value", "value")]
    [InlineData("\u00e9", "z", "\u00c3\u00a9", "z")]
    [InlineData("^(b|d)$", "z", "a, b,c", "a, b,c")]
    public void ReplaceHeader_replaces_the_whole_line_where_the_expression_is_found(string regex, string value, string line, string result) =>
        Assert.Equal([$"X-M: {result}", "Y: v"], After([$"X-M: {line}", "Y: v"], RuleActions.ReplaceHeader("x-m", regex, value)));

    [Fact]
    public void ReplaceHeader_takes_each_line_by_itself_with_a_value_computed_once()
    {
        var asked = 0;
        var fields = After(["X: a1", "Y: y", "X: b", "X: a2"], RuleActions.ReplaceHeader("X", "^a(.)", Counting(@"n\1", () => asked++)));

        Assert.Equal(["X: n1", "Y: y", "X: b", "X: n2"], fields);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("a, b,c", "^(b|d)$", @"<\1>", "a,<b>,c")]
    [InlineData("a , b", "^a$", "x", "x, b")]
    [InlineData("a,b , d", "^(b|d)$", "x", "a,x,x")]
    [InlineData("\"b,d\", e", "b", "x", "x, e")]
    [InlineData("a,b", "c", "x", "a,b")]
    [InlineData("b", "b", "", "")]
    public void ReplaceValue_takes_each_element_by_itself_and_the_blanks_around_it(string line, string regex, string value, string result) =>
        Assert.Equal([$"X: {result}"], After([$"X: {line}"], RuleActions.ReplaceValue("X", regex, value)));

    [Theory]
    [InlineData("X Y", " ")]
    [InlineData("X:", ":")]
    [InlineData("X\r\nY", "\r")]
    [InlineData("é", "é")]
    public void A_name_that_is_none_is_refused(string name, string character) => Assert.Contains(
        $"contains forbidden character '{character}': servers would disagree about where it ends", Assert.Throws<ArgumentException>(nameof(name), () => RuleActions.SetHeader(name, "v")).Message, StringComparison.Ordinal);

    [Fact]
    public void Fields_of_a_block_are_set_or_added_but_for_those_of_the_connection()
    {
        byte[] block = [.. "\u0001X\u0001a\u0001Y\u0000\u000eContent-Length\u00019\u0002X-\u0001c\u0000\u0000"u8];

        Assert.Equal(["x: a", "y: ", "x-: c"], After(["X: 1"], RuleActions.SetHeadersBin(Binary(block))));
        Assert.Equal(["X: 1", "x: a", "y: ", "x-: c"], After(["X: 1"], RuleActions.AddHeadersBin(Binary(block))));
        Assert.Equal(["X: 1", "x-: c"], After(["X: 1"], RuleActions.SetHeadersBin(Binary(block), "X-")));
    }

    [Theory]
    [InlineData("", "X-ab: 2,Content-Length: 0,Zx-a: 3")]
    [InlineData("beg", "Content-Length: 0,Zx-a: 3")]
    [InlineData("end", "X-ab: 2,Content-Length: 0")]
    [InlineData("sub", "Content-Length: 0")]
    public void Fields_that_a_block_names_are_removed_but_for_those_of_the_connection(string method, string left)
    {
        byte[] block = [.. "\u0003X-A\u0001v\u000eContent-Length\u0000\u0000\u0000"u8];
        var match = method switch
        {
            "beg" => HeaderNameMatch.Prefix,
            "end" => HeaderNameMatch.Suffix,
            "sub" => HeaderNameMatch.Contains,
            _ => HeaderNameMatch.Exact,
        };

        Assert.Equal(
            left.Split(','), After(["x-a: 1", "X-ab: 2", "Content-Length: 0", "Zx-a: 3"], RuleActions.DelHeadersBin(Binary(block), match)));
    }

    [Fact]
    public void A_block_to_remove_that_breaks_off_is_a_failure_and_changes_nothing()
    {
        var run = ActionRun.OnRequest(Request("X: 1"), RuleActions.DelHeadersBin(Binary([1, (byte)'X'])));

        Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 500), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal(["X: 1"], run.Request[2..]);
    }

    [Fact]
    public void A_block_is_not_compared_by_regular_expression() =>
        Assert.Throws<ArgumentException>("match", () => RuleActions.DelHeadersBin(Binary([0, 0]), HeaderNameMatch.Regex));

    [Fact]
    public void A_value_of_a_block_may_be_long()
    {
        var value = new string('v', 300); // 240 + low four bits, then the rest in sevens
        byte[] block = [1, (byte)'x', .. Varint(300), .. System.Text.Encoding.ASCII.GetBytes(value), 0, 0];

        Assert.Equal([$"x: {value}"], After([], RuleActions.SetHeadersBin(Binary(block))));

        static byte[] Varint(int number) => [(byte)(number | 0xF0), (byte)((number - 0xF0) >> 4)];
    }

    [Theory]
    [InlineData("\u0001X\u0001a")]
    [InlineData("\u0001X\u0005a")]
    [InlineData("\u0001X\u0001a\u0000")]
    [InlineData("\u0001 \u0001a\u0000\u0000")]
    public void A_block_that_breaks_off_is_a_failure_and_changes_nothing(string block)
    {
        var run = ActionRun.OnRequest(Request("X: 1"), RuleActions.SetHeadersBin(Binary(System.Text.Encoding.Latin1.GetBytes(block))));

        Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 500), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal(["X: 1"], run.Request[2..]);
    }

    [Fact]
    public void An_edit_that_makes_the_head_too_large_is_a_failure()
    {
        var run = ActionRun.OnRequest(Request(), RuleActions.SetHeader("X", new string('v', 17_000)), RuleActions.SetHeader("Y", "1"));

        Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 500), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Empty(run.Request[2..]);
        Assert.Equal(1, run.Context.FailedRewrites);
    }

    [Fact]
    public void StrictMode_off_leaves_such_an_edit_out_and_counts_it()
    {
        var run = ActionRun.OnRequest(
            Request(), RuleActions.StrictMode(false), RuleActions.SetHeader("X", new string('v', 17_000)), RuleActions.SetHeader("Y", "1"));

        Assert.Equal(RuleOutcome.Next, run.Outcome);
        Assert.Equal(["y: 1"], run.Request[2..]);
        Assert.Equal(1, run.Context.FailedRewrites);
    }

    [Fact]
    public void StrictMode_is_on_again_in_the_next_list()
    {
        var run = ActionRun.OnRequest(Request(), RuleActions.StrictMode(false));
        run.Run(RulePhases.Request, RuleActions.SetHeader("X", new string('v', 17_000)));

        Assert.Equal(RuleOutcome.Final, run.Outcome);
    }

    [Fact]
    public void A_field_set_over_and_over_needs_the_room_of_one()
    {
        var run = ActionRun.OnRequest(Request(), [.. Enumerable.Repeat(RuleActions.SetHeader("X", new string('v', 1_000)), 40)]);

        Assert.Equal(RuleOutcome.Next, run.Outcome);
    }

    [Fact]
    public void Edits_allocate_nothing_once_warm()
    {
        var exchange = Request("X-M: value", "X-V: a, b, c");
        var compiler = new ProxyKit.Rules.RuleCompiler { Phase = RulePhases.Request };
        CompiledAction[] actions =
        [
            RuleActions.SetHeader("X-A", Field("Host")).Compile(compiler),
            RuleActions.SetHeader("X-B", Text("a\r\nb")).Compile(compiler),
            RuleActions.AddHeader("X-C", "c").Compile(compiler),
            RuleActions.ReplaceHeader("X-M", "^v", "value").Compile(compiler),
            RuleActions.ReplaceValue("X-V", "^b$", "b").Compile(compiler),
            RuleActions.DelHeader("^x-[abc]", HeaderNameMatch.Regex).Compile(compiler),
        ];
        var bytes = "GET /p HTTP/1.1\r\nHost: a.example\r\nX-M: value\r\nX-V: a, b, c\r\n\r\n"u8.ToArray();
        var parser = new ProxyKit.Http1.RequestHeadParser();
        void Run()
        {
            parser.Start(exchange.Request, bytes, 0);
            parser.Parse(bytes.Length);
            foreach (var action in actions)
            {
                exchange.Context.Scratch.Reset();
                action.Run(exchange.Context);
            }
        }

        Run();
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Run();
        }

        // TestValue.Text makes its bytes each time: 32 bytes or so.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before <= 100 * 32, "only the test's own value allocates");
    }
}

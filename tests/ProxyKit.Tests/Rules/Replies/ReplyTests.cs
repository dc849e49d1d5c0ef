using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.Tests.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Replies;

public sealed class ReplyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileOf(string content)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));
        return path;
    }

    private static string Sent(Reply reply, RuleCompiler? compiler = null) =>
        ActionRun.With(TestExchange.For("/p"), compiler ?? new RuleCompiler()).Run(RulePhases.Request, RuleActions.Return(reply)).Reply;

    [Fact]
    public void Empty_has_no_body_and_keeps_its_fields() => Assert.Equal(
        "HTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 0\r\n\r\n", Sent(Reply.Empty().WithHeader("X", "1")));

    [Fact]
    public void A_field_without_a_value_is_not_sent_and_one_keeps_to_its_line() => Assert.Equal(
        "HTTP/1.1 299 Success\r\nb: x%0D%0A\r\ncontent-length: 0\r\n\r\n",
        Sent(Reply.Empty(299).WithHeader("A", None).WithHeader("B", Text("x\r\n")).WithHeader("C", "")));

    [Fact]
    public void Text_is_sent_as_utf8() => Assert.Equal(
        "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\ncontent-type: text/plain\r\n\r\n\u00c3\u00a9", Sent(Reply.Text("é", "text/plain", 404)));

    public static TheoryData<string, Reply, bool> Replies => new()
    {
        { "nothing", Reply.Empty(204), true },
        { "text", Reply.Text("pong", "text/plain").WithHeader("X", "1"), true },
        { "formats without anything in them", Reply.Format(Value.Format("100%%"), "text/plain").WithHeader("X", Value.Format("a b")), true },
        { "format", Reply.Format(Value.Format("%[path]"), "text/plain"), false },
        { "field of a format", Reply.Text("pong", "text/plain").WithHeader("X", Value.Format("%[path]")), false },
        { "field of a value", Reply.Empty().WithHeader("X", Value.Parse("path")), false },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void What_is_the_same_for_all_is_put_together_once(string what, Reply reply, bool once)
    {
        Assert.True(reply.Compile(new RuleCompiler()) is RawReply == once, what);
        Assert.StartsWith("HTTP/1.1 2", Sent(reply), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_put_together_once_is_sent_with_its_fields_and_its_body() => Assert.Equal(
        "HTTP/1.1 200 OK\r\nx: a b%0D\r\ncontent-length: 4\r\ncontent-type: text/plain\r\n\r\n100%",
        Sent(Reply.Format(Value.Format("100%%"), "text/plain").WithHeader("X", "a b\r")));

    [Fact]
    public void An_empty_text_has_no_type() =>
        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Sent(Reply.Text("", "text/plain")));

    [Fact]
    public void Format_is_made_for_each_exchange_and_raw() => Assert.Equal(
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\ncontent-type: a/b\r\n\r\na.example", Sent(Reply.Format(Field("Host"), "a/b")));

    [Fact]
    public void File_is_read_when_it_is_put_to_use()
    {
        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-type: a/b\r\n\r\na\0\r\n", Sent(Reply.File(FileOf("a\0\r\n"), "a/b")));
        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Sent(Reply.File(FileOf(""), null)));
    }

    [Fact]
    public void FormatFile_reads_a_format_from_a_file() => Assert.Equal(
        "HTTP/1.1 200 OK\r\ncontent-length: 8\r\ncontent-type: a/b\r\n\r\n<a b\n%>\n",
        Sent(Reply.FormatFile(FileOf("<%[str('a b')]\n%%>\n"), "a/b")));

    [Fact]
    public void What_a_file_cannot_be_is_a_fault_of_the_configuration()
    {
        Assert.Contains("a content type must be defined when non-empty payload is configured", Fault(Reply.File(FileOf("x"), null)), StringComparison.Ordinal);
        Assert.Contains("exceeds the buffer size", Fault(Reply.File(FileOf(new string('x', 16_385)), "a/b")), StringComparison.Ordinal);
        Assert.Contains("failed to read file", Fault(Reply.File(Path.Combine(_folder, "none"), "a/b")), StringComparison.Ordinal);
        Assert.Contains("No body expected for 204 responses", Fault(Reply.File(FileOf("x"), "a/b", 204)), StringComparison.Ordinal);
        Assert.Contains("unknown http-errors section 'x'", Fault(Reply.SectionPage("x", 404)), StringComparison.Ordinal);
        Assert.EndsWith(new string('x', 16_384), Sent(Reply.File(FileOf(new string('x', 16_384)), "a/b")), StringComparison.Ordinal);

        static string Fault(Reply reply) => Assert.Throws<RuleFaultException>(() => Sent(reply)).Message;
    }

    [Fact]
    public void What_no_reply_can_be_is_refused_at_once()
    {
        Assert.Contains("No body expected for 204 responses", Assert.Throws<ArgumentException>(() => Reply.Text("x", "a/b", 204)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Reply.Format(None, "a/b", 304));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reply.Empty(199));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reply.Empty(600));
        Assert.Throws<ArgumentException>(() => Reply.Text("x", "a/b\r\nc: d"));
        Assert.Throws<ArgumentException>(() => Reply.ErrorPage(418));
        Assert.Throws<InvalidOperationException>(() => Reply.ErrorPage(404).WithHeader("X", "1"));
        foreach (var name in new[] { "Content-Length", "content-type", "Transfer-Encoding", "a b", "" })
        {
            Assert.Throws<ArgumentException>("name", () => Reply.Empty().WithHeader(name, "1"));
        }
    }

    [Fact]
    public void ErrorPage_is_that_of_the_proxy_the_exchange_is_in()
    {
        var run = ActionRun.OnRequest(TestExchange.For("/"), RuleActions.Return(Reply.ErrorPage(404)));
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\ncontent-length: ", run.Reply, StringComparison.Ordinal);

        run.Context.FrontendErrorPages = Pages(ErrorPageOptions.Location(404, "/front"));
        Assert.Contains("location: /front\r\n", run.Reply, StringComparison.Ordinal);
        run.Context.BackendErrorPages = Pages(ErrorPageOptions.Location(404, "/back"));
        Assert.Contains("location: /back\r\n", run.Reply, StringComparison.Ordinal);
        run.Context.BackendErrorPages = Pages(ErrorPageOptions.Location(403, "/back"));
        Assert.Contains("location: /front\r\n", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorFile_is_the_whole_message_and_the_log_has_the_rules_status()
    {
        var run = ActionRun.OnRequest(
            TestExchange.For("/"), RuleActions.Return(Reply.ErrorFile(FileOf("HTTP/1.0 404 Gone\nX-A: 1\nContent-Length: 2\n\nhi"), 503)));

        Assert.Equal((503, "HTTP/1.0 404 Gone\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nhi"), (run.Context.Verdict!.Status, run.Reply));
        Assert.Equal("", Sent(Reply.ErrorFile(FileOf(""), 503)));
    }

    [Fact]
    public void SectionPage_is_that_of_the_section_or_empty()
    {
        var compiler = new RuleCompiler();
        ErrorSections.Of(compiler).Add(new ErrorSectionOptions { Name = "s", Files = { [404] = FileOf("HTTP/1.1 404 A\r\n\r\nx") } });

        Assert.Equal("HTTP/1.1 404 A\r\n\r\nx", Sent(Reply.SectionPage("s", 404), compiler));
        Assert.Equal("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", Sent(Reply.SectionPage("s", 403), compiler));
    }

    [Theory]
    [InlineData("HTTP/1.1 503 A\r\nContent-Length: 9\r\n\r\nhi", "HTTP/1.1 503 A\r\ncontent-length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 503 A\r\nCache-Control: no-cache\r\n\r\nhi", "HTTP/1.1 503 A\r\ncache-control: no-cache\r\n\r\nhi")]
    [InlineData("HTTP/1.0 503 A\nContent-Length: 2\n\nhi", "HTTP/1.0 503 A\r\ncontent-length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 503 A\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 503 A\r\ncontent-length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 A\r\n\r\n", "HTTP/1.1 204 A\r\n\r\n")]
    public void A_file_is_sent_as_it_is_but_for_the_form_of_its_lines_and_a_wrong_length(string file, string sent) => Assert.Equal(sent, Sent(Reply.ErrorFile(FileOf(file), 503)));

    [Theory]
    [InlineData("hello")]
    [InlineData("HTTP/1.1 503 A\r\nX: 1\r\n")]
    [InlineData("HTTP/1.1 503 A\r\nX 1\r\n\r\n")]
    [InlineData("HTTP/1.1 503 A\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public void A_file_that_is_no_message_is_a_fault(string file)
    {
        var path = FileOf(file);
        Assert.StartsWith($"file '{path}' is not", Assert.Throws<RuleFaultException>(() => ErrorMessage.Load(503, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beyond_what_a_message_may_be_is_a_fault()
    {
        var path = FileOf("HTTP/1.1 503 A\r\n\r\n" + new string('x', 15_360));
        Assert.Contains("exceeds the buffer size (15360 bytes)", Assert.Throws<RuleFaultException>(() => ErrorMessage.Load(503, path)).Message, StringComparison.Ordinal);
    }

    private static ErrorPages Pages(params ErrorPageOptions[] options) =>
        ErrorPages.Compile(options, new RuleCompiler(), (_, fault) => throw new RuleFaultException(fault))!;
}

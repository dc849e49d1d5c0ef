using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Replies;

public sealed class ErrorPagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static TheoryData<int> Statuses =>
        [200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 421, 422, 425, 429, 431, 500, 501, 502, 503, 504];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileOf(string content)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, content);
        return path;
    }

    private static string Written(LocalReply reply)
    {
        var writer = new ReplyWriter();
        reply.Write(TestExchange.For("/p").Context, writer);
        return Encoding.Latin1.GetString(writer.Written.Span);
    }

    private static ErrorPages Compile(RuleCompiler compiler, params ErrorPageOptions[] options) =>
        ErrorPages.Compile(options, compiler, (index, fault) => throw new RuleFaultException($"{index}: {fault}"))!;

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Each_status_has_a_page_to_begin_with(int status)
    {
        var page = ErrorPages.For(TestExchange.For("/").Context, status);

        Assert.Equal((status, Encoding.Latin1.GetString(ErrorReplies.For(status).Span)), (page.Status, Written(page)));
    }

    [Theory]
    [InlineData(418)]
    [InlineData(505)]
    [InlineData(302)]
    public void A_status_without_a_page_is_refused(int status)
    {
        Assert.Throws<ArgumentException>(nameof(status), () => ErrorPageOptions.File(status, "x"));
        Assert.Throws<ArgumentException>(nameof(status), () => ErrorPageOptions.Location(status, "/"));
        Assert.Throws<ArgumentException>("statuses", () => ErrorPageOptions.Section("s", 404, status));
        Assert.Throws<ArgumentException>("reply", () => ErrorPageOptions.Of(Reply.Empty(status)));
        Assert.Throws<RuleFaultException>(() => ErrorSections.Of(new RuleCompiler()).Add(new ErrorSectionOptions { Name = "s", Files = { [status] = "x" } }));
        Assert.Equal(500, ErrorPages.For(TestExchange.For("/").Context, status).Status);
    }

    [Fact]
    public void There_are_no_pages_where_nothing_is_said() =>
        Assert.Null(ErrorPages.Compile([], new RuleCompiler(), (_, _) => throw new InvalidOperationException()));

    [Fact]
    public void The_later_word_counts()
    {
        var pages = Compile(
            new RuleCompiler(),
            ErrorPageOptions.Location(503, "/first"),
            ErrorPageOptions.File(503, FileOf("HTTP/1.1 200 Sorry\r\nContent-Type: text/plain\r\n\r\nbusy")),
            ErrorPageOptions.Location(404, "/lost", 303));

        Assert.Equal(
            (503, "HTTP/1.1 200 Sorry\r\ncontent-type: text/plain\r\n\r\nbusy"),
            (pages.Find(503)!.Status, Written(pages.Find(503)!)));
        Assert.Equal("HTTP/1.1 303 See Other\r\ncache-control: no-cache\r\ncontent-length: 0\r\nlocation: /lost\r\n\r\n", Written(pages.Find(404)!));
        Assert.Null(pages.Find(500));
    }

    [Fact]
    public void Page_that_names_itself_takes_the_earlier_one_away() => Assert.Null(Compile(
        new RuleCompiler(), ErrorPageOptions.Location(503, "/first"), ErrorPageOptions.Of(Reply.ErrorPage(503))).Find(503));

    [Fact]
    public void An_empty_file_says_nothing() => Assert.Equal("", Written(Compile(new RuleCompiler(), ErrorPageOptions.File(408, FileOf(""))).Find(408)!));

    [Fact]
    public void Sections_are_taken_whole_or_in_part()
    {
        var compiler = new RuleCompiler();
        var section = new ErrorSectionOptions { Name = "s", Files = { [403] = FileOf("HTTP/1.1 403 A\r\n\r\n"), [404] = FileOf("HTTP/1.1 404 B\r\n\r\n") } };
        ErrorSections.Of(compiler).Add(section);
        var whole = Compile(compiler, ErrorPageOptions.Section("s"));
        var part = Compile(compiler, ErrorPageOptions.Section("s", 404, 500));

        Assert.Equal((true, true), (whole.Find(403) is not null, whole.Find(404) is not null));
        Assert.Equal((false, true), (part.Find(403) is not null, part.Find(404) is not null));
        Assert.Contains("already defined", Assert.Throws<RuleFaultException>(() => ErrorSections.Of(compiler).Add(section)).Message, StringComparison.Ordinal);
        Assert.Equal("0: unknown http-errors section 't'", Assert.Throws<RuleFaultException>(() => Compile(compiler, ErrorPageOptions.Section("t"))).Message);
    }

    [Fact]
    public void A_page_can_be_made_for_each_exchange() => Assert.Equal(
        "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\ncontent-type: text/plain\r\n\r\na.example",
        Written(Compile(new RuleCompiler(), ErrorPageOptions.Of(Reply.Format(Field("Host"), "text/plain", 404))).Find(404)!));

    [Fact]
    public void Faults_are_told_with_their_places()
    {
        var faults = new List<int>();
        ErrorPages.Compile(
            [ErrorPageOptions.Location(404, "/"), ErrorPageOptions.File(404, Path.Combine(_folder, "none")), ErrorPageOptions.Section("none")],
            new RuleCompiler(),
            (index, _) => faults.Add(index));

        Assert.Equal([1, 2], faults);
    }

    [Fact]
    public void A_location_is_one_line_and_redirects()
    {
        Assert.Throws<ArgumentException>("url", () => ErrorPageOptions.Location(404, "/a\r\nb: c"));
        Assert.Throws<ArgumentException>("redirectStatus", () => ErrorPageOptions.Location(404, "/a", 301));
    }

    [Fact]
    public void What_is_said_has_the_words_of_a_configuration_file()
    {
        Assert.Equal("errorfile 404 /x", ErrorPageOptions.File(404, "/x").ToString());
        Assert.Equal("errorloc303 404 /x", ErrorPageOptions.Location(404, "/x", 303).ToString());
        Assert.Equal("errorfiles s 403 404", ErrorPageOptions.Section("s", 403, 404).ToString());
        Assert.Equal("errorfiles s", ErrorPageOptions.Section("s").ToString());
        Assert.Equal("http-error status 404", ErrorPageOptions.Of(Reply.Empty(404)).ToString());
    }

    [Fact]
    public void A_challenge_takes_the_place_of_those_a_page_has()
    {
        var context = TestExchange.For("/").Context;
        context.FrontendErrorPages = Compile(
            new RuleCompiler(),
            ErrorPageOptions.File(401, FileOf("HTTP/1.1 401 A\r\nWWW-Authenticate: Basic realm=\"s\"\r\nX: 1\r\nwww-authenticate: Other\r\n\r\nx")));
        var writer = new ReplyWriter();
        new ChallengeReply(401, "www-authenticate", "Basic realm=\"r\"").Write(context, writer);

        Assert.Equal(
            "HTTP/1.1 401 A\r\nx: 1\r\nwww-authenticate: Basic realm=\"r\"\r\n\r\nx", Encoding.Latin1.GetString(writer.Written.Span));
    }
}

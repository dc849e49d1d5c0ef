using System.Text;
using System.Text.RegularExpressions;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>A field that is the same each time becomes what one that is asked for each time becomes.</summary>
public sealed partial class FieldLineTests
{
    private static readonly string[] Values = ["a.example", "close", "upgrade, x-a", "0", "3", "chunked", ""];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_a_request(bool replaces)
    {
        foreach (var (name, value) in Fields())
        {
            var (constant, asked) = (OnRequest(Actions(name, value, replaces).Constant), OnRequest(Actions(name, value, replaces).Asked));

            Assert.Equal(asked.Request, constant.Request);
            Assert.Equal(Of(asked), Of(constant));
        }

        static ActionRun OnRequest(RuleAction action) => ActionRun.OnRequest(
            TestExchange.Of("POST /p HTTP/1.1", "Host: b.example", "Content-Length: 3", "Connection: keep-alive, x-b", "X-Other: 1", "Accept: b"), action);

        static object Of(ActionRun run) => (
            run.Outcome, run.Exchange.Request.Framing, run.Exchange.Request.ContentLength, run.Exchange.Request.Connection, run.Exchange.Request.Host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_a_response(bool replaces)
    {
        foreach (var (name, value) in Fields())
        {
            var (constant, asked) = (OnResponse(Actions(name, value, replaces).Constant), OnResponse(Actions(name, value, replaces).Asked));

            Assert.Equal(asked.Response, constant.Response);
            Assert.Equal(Of(asked), Of(constant));
        }

        static ActionRun OnResponse(RuleAction action) => ActionRun.OnResponse(
            ["HTTP/1.1 200 OK", "Content-Length: 3", "Connection: x-b", "Server: b", "X-Other: 1"], action);

        static object Of(ActionRun run) => (
            run.Outcome, run.Context.Response!.Framing, run.Context.Response.ContentLength, run.Context.Response.Connection);
    }

    private static (RuleAction Constant, RuleAction Asked) Actions(string name, string value, bool replaces) => replaces
        ? (RuleActions.SetHeader(name, value), RuleActions.SetHeader(name, Asked(value)))
        : (RuleActions.AddHeader(name, value), RuleActions.AddHeader(name, Asked(value)));

    private static Expression Asked(string value) => Value.Parse($"str(\"{value}\")");

    private static IEnumerable<(string Name, string Value)> Fields()
    {
        string[] known = [.. Enum.GetValues<KnownHeader>().Where(static known => known != KnownHeader.None).Select(NameOf)];
        return known.Append("x-other").Append("x-new").SelectMany(static name => Values.Select(value => (name, value)));
    }

    private static string NameOf(KnownHeader known)
    {
        var name = Capital().Replace(known.ToString(), "-$0").ToLowerInvariant().Replace("web-socket", "websocket", StringComparison.Ordinal);
        Assert.Equal(known, KnownHeaders.Find(Encoding.ASCII.GetBytes(name)));
        return name;
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Capital();
}

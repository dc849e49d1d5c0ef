using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class RulesBuilderTests
{
    [Fact]
    public void Rules_of_a_frontend_are_written_list_by_list()
    {
        var options = new FrontendOptions { Name = "f" };
        var internals = Match.Path("/internal/*");
        new FrontendBuilder(options)
            .OnConnection(rules => rules.Reject(when: Match.Source("192.0.2.0/24")).Accept())
            .OnSession(rules => rules.SetSource(Text("1.2.3.4")))
            .OnContent(rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).Capture(Text("x"), 10))
            .OnRequest(rules => rules.Deny(when: internals).SetHeader("X-Client", Field("host")).Return(Reply.Empty(), when: internals))
            .OnRequest(rules => rules.SetPath("/"))
            .OnResponse(rules => rules.SetStatus(503).Allow())
            .OnAfterResponse(rules => rules.DelHeader("server"));

        Assert.Equal(["reject", "accept"], options.Rules.Connection.Select(r => r.Action.ToString()));
        Assert.Equal(["set-src text"], options.Rules.Session.Select(r => r.Action.ToString()));
        Assert.Equal(["capture text len 10"], options.Rules.Content.Select(r => r.Action.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Rules.InspectDelay);
        Assert.Equal(
            ["deny", "set-header X-Client %[field]", "return status 200", "set-path /"], options.Rules.Request.Select(r => r.Action.ToString()));
        Assert.Equal([internals, null, internals, null], options.Rules.Request.Select(r => r.Condition));
        Assert.Equal(["set-status 503", "allow"], options.Rules.Response.Select(r => r.Action.ToString()));
        Assert.Equal(["del-header server"], options.Rules.AfterResponse.Select(r => r.Action.ToString()));
        Assert.Empty(options.Rules.ResponseContent);
    }

    [Fact]
    public void Rules_of_a_backend_are_written_list_by_list()
    {
        var options = new BackendOptions { Name = "b" };
        new BackendBuilder(options)
            .OnContent(rules => rules.SetPriorityClass(1))
            .OnResponseContent(rules => rules.InspectDelay(TimeSpan.FromSeconds(1)).Close().Accept())
            .OnRequest(rules => rules.SetRetries(2).SetTimeout(RuleTimeout.Server, TimeSpan.FromSeconds(9)))
            .OnResponse(rules => rules.Redirect(RedirectOptions.To("/x")))
            .OnAfterResponse(rules => rules.AddHeader("x", "y"));

        Assert.Equal(["set-priority-class 1"], options.Rules.Content.Select(r => r.Action.ToString()));
        Assert.Equal(["close", "accept"], options.Rules.ResponseContent.Select(r => r.Action.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(1), options.Rules.ResponseInspectDelay);
        Assert.Equal(["set-retries 2", "set-timeout server 9000"], options.Rules.Request.Select(r => r.Action.ToString()));
        Assert.Equal(["redirect location /x code 302"], options.Rules.Response.Select(r => r.Action.ToString()));
        Assert.Equal(["add-header x y"], options.Rules.AfterResponse.Select(r => r.Action.ToString()));
    }

    /// <summary>A builder shows what its list may have, and all of that: its verbs are the actions whose phases include the list.</summary>
    [Theory]
    [InlineData(typeof(ConnectionRulesBuilder), 1)]
    [InlineData(typeof(SessionRulesBuilder), 2)]
    [InlineData(typeof(ContentRulesBuilder), 4)]
    [InlineData(typeof(ResponseContentRulesBuilder), 8)]
    [InlineData(typeof(RequestRulesBuilder), 16)]
    [InlineData(typeof(ResponseRulesBuilder), 32)]
    [InlineData(typeof(AfterResponseRulesBuilder), 64)]
    public void A_builder_has_the_verbs_of_its_list(Type builder, int phase)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var verbs = builder.GetMethods().Where(m => m.ReturnType == builder && m.Name is not ("Add" or "InspectDelay"))
            .Select(m => m.Name).Distinct().Order(StringComparer.Ordinal);
        var allowed = typeof(RuleActions).GetMethods().Where(m => m.ReturnType == typeof(RuleAction))
            .Select(m => (Name: m.Name.Replace("get_", "", StringComparison.Ordinal), Action: Sample(m)))
            .Where(a => ((int)a.Action.Phases & phase) != 0)
            .Select(a => a.Name)
            .Where(name => name != "Allow" || phase >= 16) // called Accept in the other lists
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(allowed, verbs);
    }

    private static RuleAction Sample(System.Reflection.MethodInfo method) =>
        (RuleAction)method.Invoke(null, [.. method.GetParameters().Select(p => Argument(p))])!;

    private static object? Argument(System.Reflection.ParameterInfo parameter) => parameter.ParameterType switch
    {
        _ when parameter.HasDefaultValue => parameter.DefaultValue,
        var type when type == typeof(string) => parameter.Name == "name" ? "sess.x" : "x",
        var type when type == typeof(ProxyKit.Rules.Expressions.Expression) => Text("x"),
        var type when type == typeof(TimeSpan) || type == typeof(TimeSpan?) => TimeSpan.FromSeconds(1),
        var type when type == typeof(int) => parameter.Name == "status" ? 200 : 1,
        var type when type == typeof(uint) => 1u,
        var type when type == typeof(byte) => (byte)1,
        var type when type == typeof(bool) => true,
        var type when type == typeof(Reply) => Reply.Empty(),
        var type when type == typeof(RedirectOptions) => RedirectOptions.To("/"),
        var type when type.IsEnum => Enum.GetValues(type).GetValue(0),
        var type when type == typeof(Action<ProxyKit.Http.HttpExchange>) => (Action<ProxyKit.Http.HttpExchange>)(_ => { }),
        var type when type == typeof(Func<ProxyKit.Http.HttpExchange, CancellationToken, ValueTask>) =>
            (Func<ProxyKit.Http.HttpExchange, CancellationToken, ValueTask>)((_, _) => default),
        var type when type == typeof(Func<ProxyKit.Http.HttpExchange, Reply?>) => (Func<ProxyKit.Http.HttpExchange, Reply?>)(_ => null),
        var type when type == typeof(Func<ProxyKit.Http.HttpExchange, CancellationToken, ValueTask<Reply?>>) =>
            (Func<ProxyKit.Http.HttpExchange, CancellationToken, ValueTask<Reply?>>)((_, _) => new((Reply?)null)),
        var type => throw new NotSupportedException($"{type}"),
    };
}

using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>Actions that users have added, named by rule lines.</summary>
public sealed class UserActionTests
{
    private static HAProxyConfigurationResult Read(string line) => HAProxyConfiguration.Parse(
        $"frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request {line}\n",
        new HAProxyConfigurationOptions
        {
            Language = new RuleLanguage()
                .AddAction(
                    "tag-tenant",
                    static a => RuleActions.SetHeader("X-Tenant", $"{a.Text(0)}/{a.Text(1, "none")}"),
                    new KeywordArgument("tenant"),
                    new KeywordArgument("plan", IsOptional: true))
                .AddAction("lua.greet", static _ => RuleActions.Run("greet", static _ => { }))
                .AddAction("deny", static _ => RuleActions.Allow)
                .AddAction("broken", static _ => throw new FormatException("it is broken")),
        },
        "a.cfg");

    [Fact]
    public void Line_may_hand_requests_to_a_service_of_ones_own()
    {
        var language = new RuleLanguage().AddService("status", static (_, _) => new(Reply.Text("fine", "text/plain")));
        var options = new HAProxyConfigurationOptions { Language = language };
        var result = HAProxyConfiguration.Parse("frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request use-service status if { path /status }\n", options);

        Assert.Equal("use-service status", Assert.Single(Assert.Single(result.GetOptionsOrThrow().Frontends).Rules.Request).Action.ToString());
        var wrong = HAProxyConfiguration.Parse("frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request use-service statis\n", options);
        Assert.Contains("'statis' unknown service name; did you mean 'status' maybe ?", Assert.Single(wrong.Alerts()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http-request use-service prometheus-exporter", "'prometheus-exporter' is not supported yet")]
    [InlineData("http-request use-service", "missing <name>")]
    [InlineData("tcp-request content use-service status", "'status' unknown service name")]
    public void Service_that_is_not_there_is_told(string line, string fault) => Assert.Contains(
        fault, Assert.Single(Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\n{line}\n").Alerts()), StringComparison.Ordinal);

    [Theory]
    [InlineData("log-format %[own]")]
    [InlineData("error-log-format %[own]")]
    [InlineData("unique-id-format %[own]")]
    public void Format_may_have_fetches_of_ones_own(string line)
    {
        var language = new RuleLanguage().Add(new FetchKeyword
        {
            Name = "own",
            Type = SampleType.String,
            Create = static _ => static (RuleContext _, ref Sample sample) => sample.SetString("mine"u8),
        });
        var result = HAProxyConfiguration.Parse(
            $"frontend f\nmode http\nbind :80\ntimeout client 1s\n{line}\n", new HAProxyConfigurationOptions { Language = language });

        Assert.Empty(Proxy.Check(result.GetOptionsOrThrow()));
    }

    private static string Alert(string line) => Assert.Single(Read(line).Alerts());

    [Fact]
    public void The_example_of_the_page_runs()
    {
        const string text = "frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request tag-tenant acme if { path_beg /acme }\n";
        var language = new RuleLanguage().AddAction(
            "tag-tenant", args => RuleActions.SetHeader("X-Tenant", args.Text(0)), new KeywordArgument("tenant"));
        var result = HAProxyConfiguration.Parse(text, new HAProxyConfigurationOptions { Language = language });

        Assert.Equal("set-header X-Tenant acme", Assert.Single(Assert.Single(result.GetOptionsOrThrow().Frontends).Rules.Request).Action.ToString());
    }

    [Theory]
    [InlineData("tag-tenant acme gold", "set-header X-Tenant acme/gold", false)]
    [InlineData("tag-tenant acme", "set-header X-Tenant acme/none", false)]
    [InlineData("tag-tenant acme if TRUE", "set-header X-Tenant acme/none", true)]
    [InlineData("tag-tenant acme gold unless TRUE", "set-header X-Tenant acme/gold", true)]
    [InlineData("lua.greet", "greet", false)]
    public void Line_may_name_an_action_of_ones_own(string line, string action, bool hasCondition)
    {
        var result = Read(line);

        Assert.True(result.IsValid, result.ToString());
        var rule = Assert.Single(Assert.Single(result.Options.Frontends).Rules.Request);
        Assert.Equal((action, hasCondition), (rule.Action.ToString(), rule.Condition is not null));
    }

    [Theory]
    [InlineData("tag-tenant", "while parsing 'http-request tag-tenant' rule : missing <tenant>: expects <tenant> [<plan>].")]
    [InlineData("tag-tenant if TRUE", "missing <tenant>: expects <tenant> [<plan>].")]
    [InlineData("tag-tenant a b c", "'http-request tag-tenant' expects either 'if' or 'unless' followed by a condition but found 'c'.")]
    [InlineData("broken", "while parsing 'http-request broken' rule : it is broken.")]
    [InlineData("tag-tenan acme", "Did you mean 'tag-tenant' maybe ?")]
    [InlineData("deny", "'deny' is an action of HAProxy's: the one of the name that was added to the language has to have another.")]
    [InlineData("lua.other", "'http-request lua.' is not supported yet.")]
    public void Line_that_does_not_fit_the_action_is_told(string line, string message)
    {
        var alert = Alert(line);

        Assert.Contains("[a.cfg:5]", alert, StringComparison.Ordinal);
        Assert.Contains(message, alert, StringComparison.Ordinal);
    }
}

using ProxyKit.Rules;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Tests.Rules.Explaining;

/// <summary>Explanations of requests to a frontend <c>public</c> in front of the backends <c>web</c>, which is the default one, and <c>cart</c>.</summary>
internal static class Explained
{
    public static Condition When(string condition) => Match.Parse(condition);

    public static ProxyOptions Options(Action<FrontendBuilder> frontend, Action<BackendBuilder>? web = null)
    {
        var proxy = new ProxyBuilder();
        proxy.AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:8080").DefaultBackend("web");
            frontend(f);
        });
        proxy.AddBackend("web", b =>
        {
            b.AddServer("w1", "10.0.0.1:80");
            web?.Invoke(b);
        });
        proxy.AddBackend("cart", b => b.AddServer("c1", "10.0.0.2:80"));
        return proxy.Build();
    }

    public static Explanation Of(Action<FrontendBuilder> frontend, string request = "/", params string[] fields)
    {
        var example = ExampleRequest.Parse(request);
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            example.Headers.Add(new(field[..colon], field[(colon + 1)..].Trim()));
        }

        return Proxy.Explain(Options(frontend), example);
    }

    /// <summary>The rules of the only list that was asked.</summary>
    public static IReadOnlyList<ExplainedRule> Rules(this Explanation explanation) => Assert.Single(explanation.Lists).Rules;

    public static IEnumerable<RuleFate> Fates(this Explanation explanation) => explanation.Lists.SelectMany(static l => l.Rules).Select(static r => r.Fate);
}

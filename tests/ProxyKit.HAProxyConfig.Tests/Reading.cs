using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests;

/// <summary>Reads configurations that tests write down.</summary>
internal static class Reading
{
    /// <summary>What makes a proxy whole around the lines that a test is about.</summary>
    private const string Timeouts = "timeout client 1s\ntimeout server 1s\ntimeout connect 1s\n";

    public static HAProxyConfigurationResult Of(string text, params (string Name, string Value)[] environment) => HAProxyConfiguration.Parse(
        text.ReplaceLineEndings("\n"),
        new HAProxyConfigurationOptions
        {
            Environment = environment.ToDictionary(static e => e.Name, static e => e.Value),
            ResolveNames = false,
        },
        "a.cfg");

    /// <summary>A frontend with these lines.</summary>
    public static FrontendOptions Frontend(string lines)
    {
        var result = Of($"frontend f\nmode http\nbind :80\n{Timeouts.Split('\n')[0]}\n{lines}\n");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.Frontends);
    }

    /// <summary>A backend with these lines.</summary>
    public static BackendOptions Backend(string lines)
    {
        var result = Of($"backend b\nmode http\n{Timeouts.Replace("timeout client 1s\n", "", StringComparison.Ordinal)}{lines}\nfrontend f\nmode http\nbind :80\ntimeout client 1s\n");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.Backends);
    }

    /// <summary>A server with these parameters.</summary>
    public static ServerOptions Server(string parameters, string lines = "") =>
        Assert.Single(Backend($"{lines}\nserver s 10.0.0.1:80 {parameters}").Servers);

    /// <summary>A bind with these parameters.</summary>
    public static BindOptions Bind(string parameters)
    {
        var result = Of($"frontend f\nmode http\ntimeout client 1s\nbind {parameters}\n");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(Assert.Single(result.Options.Frontends).Binds);
    }

    public static IEnumerable<string> Alerts(this HAProxyConfigurationResult result) => result.Of(DiagnosticSeverity.Alert);

    public static IEnumerable<string> Warnings(this HAProxyConfigurationResult result) => result.Of(DiagnosticSeverity.Warning);

    public static IEnumerable<string> Notices(this HAProxyConfigurationResult result) => result.Of(DiagnosticSeverity.Notice);

    /// <summary>The only alert of lines, as it is printed.</summary>
    public static string Alert(string text, params (string Name, string Value)[] environment)
    {
        var result = Of(text, environment);
        Assert.Null(result.Options);
        return Assert.Single(result.Alerts());
    }

    private static IEnumerable<string> Of(this HAProxyConfigurationResult result, DiagnosticSeverity severity) =>
        result.Diagnostics.Where(d => d.Severity == severity).Select(static d => d.ToString());
}

using System.Text.RegularExpressions;
using ProxyKit.Frontends;
using ProxyKit.Rules.Formats;
using ProxyKit.Runtime;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

/// <summary>What docs/log-formats.md says.</summary>
public sealed partial class LogFormatDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "log-formats.md"));

    [Fact]
    public void Example_of_the_page_is_the_one_compiled_here()
    {
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Rules", "Formats", "LogFormatDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(line => line.TrimStart()));

        Assert.All(Snippet().Matches(Page), snippet =>
        {
            var lines = snippet.Groups[1].Value.Split('\n').Select(line => line.TrimStart());
            Assert.Contains(string.Join('\n', lines), compiled, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Example_of_the_page_can_be_used()
    {
        var edge = new FrontendOptions
        {
            Name = "edge",
            LogFormat = "%{+json}o %(when)trg %(client)ci %(status:sint)ST %(ms:sint)Ta %(request)r %(host)hrl",
            UniqueIdFormat = "%{+X}o%ci:%cp_%fi:%fp_%Ts_%rt",
            UniqueIdHeader = "X-Unique-ID",
            Captures = { Capture.RequestHeader("Host", 40), Capture.Cookie("session=", 63) },
        };

        var faults = new List<string>();
        LogOptionsValidator.Validate(edge, new FaultPath(faults, ""));
        Assert.Empty(faults);
        var context = FormatBench.ContextOf(new LoggedExchange(), [.. edge.Captures]);
        context.Frontend!.Captures.CaptureRequest(context);
        Assert.Equal(
            "{\"when\": \"21/Nov/2025:07:28:15 +0000\", \"client\": \"203.0.113.9\", \"status\": 200, \"ms\": 17, "
            + "\"request\": \"GET /v1/x?y=1 HTTP/1.1\", \"host\": [\"a.example\"]}",
            FormatBench.Write(edge.LogFormat, context));
    }

    [Fact]
    public void Facts_of_the_page_are_all_that_formats_know()
    {
        var facts = Page[Page.IndexOf("## Facts", StringComparison.Ordinal)..Page.IndexOf("## How it differs", StringComparison.Ordinal)];
        var rows = facts.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var written = rows.SelectMany(row => Alias().Matches(row.Split(" | ")[0]).Select(m => (m.Groups[1].Value, row.EndsWith("| H |", StringComparison.Ordinal))));

        Assert.Equal(
            FormatAliases.All.Select(a => (a.Name, a.NeedsHttp)).Order(),
            written.Order());
    }

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("`%([A-Za-z]+)`")]
    private static partial Regex Alias();
}

namespace ProxyKit.Tool.Tests.CSharp;

public sealed class CSharpOutputTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Good_file_is_printed_as_code()
    {
        var file = _folder.WriteGood(8080, 9000, "http-request deny if { path_beg /internal }");

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("""
            // a.cfg as C#, written by proxykit csharp
            //     builder.Services.AddProxyKit(ProxyConfiguration.Configure);

            using System;
            using ProxyKit;

            public static class ProxyConfiguration
            {
                public static void Configure(ProxyBuilder proxy) => proxy
                    .AddFrontend("web", frontend => frontend
                        .Bind("127.0.0.1:8080")
                        .ClientTimeout(TimeSpan.FromSeconds(10))
                        .RequestHeadTimeout(null)
                        .KeepAliveTimeout(null)
                        .AccessLog(enabled: false)
                        .Configure(options => options.HandshakeTimeout = null)
                        .OnRequest(rules => rules
                            .Deny(when: Match.Parse("{ path_beg /internal }"))) // a.cfg:8
                        .DefaultBackend("app"))
                    .AddBackend("app", backend => backend
                        .Balance(Balance.Random())
                        .ServerTimeout(TimeSpan.FromSeconds(10))
                        .Retries(3, redispatch: false)
                        .Configure(options => options.TarpitTimeout = TimeSpan.FromSeconds(5))
                        .AddServer("s1", "127.0.0.1:9000"));
            }

            """, output, ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("90s", "FromSeconds(90)")]
    [InlineData("30s", null)] // the default
    [InlineData("0", "FromDays(24)")] // no limit
    public async Task How_long_to_drain_is_said_where_the_file_does(string time, string? said)
    {
        var file = _folder.Write($"global\n  hard-stop-after {time}\n{ConfigurationFolder.Good(8080, 9000)}");

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(said is not null, output.Contains($".DrainTimeout(TimeSpan.{said})", StringComparison.Ordinal));
        Assert.Equal(said is null, !output.Contains("DrainTimeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_the_file_are_told_in_comments_alone()
    {
        var file = _folder.Write(ConfigurationFolder.Good(8080, 9000)
            + "  stick-table type ip size 100\n  stick on src\n  use-server s1 if { path / }\n  force-persist if { path /f }\n");

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.DoesNotContain(_folder.Root, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Origin", output, StringComparison.Ordinal);
        Assert.Matches("StickRules.Add\\(.*\\); // a.cfg:13", output);
        Assert.Matches("UseServerRules.Add\\(.*\\); // a.cfg:14", output);
        Assert.Matches("PersistenceEffect.Force, .*; // a.cfg:15", output);
    }

    [Fact]
    public async Task Bad_file_ends_with_its_alerts_and_no_code()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2, "frobnicate"));

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"parsing [{file}:8] : unknown keyword 'frobnicate'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_beyond_ASCII_come_out_as_UTF8()
    {
        var file = _folder.WriteGood(1, 2, "http-request set-header x-a \"pöng ☃\"");

        var (exitCode, output, _) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal(0, exitCode);
        Assert.Contains(".SetHeader(\"x-a\", \"pöng ☃\")", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_marked()
    {
        var file = _folder.Write(
            "authentication a\n  jwt secret 0123456789abcdef0123456789abcdef\n  introspection https://id.example/ask gateway hidden\n"
            + ConfigurationFolder.Good(8080, 9000, "authenticate a"));

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((0, ""), (exitCode, errors));
        var marked = output.Split('\n').Where(static l => l.Contains("// a secret: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, marked.Length);
        Assert.Contains("ClientSecret = \"hidden\", // a secret: ", marked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_shows_what_is_printed()
    {
        var page = await File.ReadAllTextAsync(RepositoryTree.PathOf("docs", "proxykit-tool.md"), TestContext.Current.CancellationToken);
        page = page[page.IndexOf("## The same in C#", StringComparison.Ordinal)..];
        var file = _folder.Write(page.Split("```haproxy\n")[1].Split("```")[0], "gateway.cfg");

        var (exitCode, output, errors) = await ToolProcess.RunAsync("csharp", file);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(page.Split("```csharp\n")[1].Split("```")[0], output);
    }

    [Fact]
    public async Task No_file_shows_the_usage()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("csharp");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Usage : proxykit ", errors, StringComparison.Ordinal);
    }
}

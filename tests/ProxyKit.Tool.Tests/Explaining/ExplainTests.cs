using System.Text.Json;

namespace ProxyKit.Tool.Tests.Explaining;

public sealed class ExplainTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_tells_the_rules_with_their_places_and_the_servers()
    {
        var file = _folder.WriteGood(8080, 2, "http-request deny if { path_beg /internal }\n  http-request set-header x-client %[src]");

        var (exitCode, output, errors) = await ToolProcess.RunAsync(
            "explain", file, "GET http://shop.example:8080/a", "-H", "X-A: 1", "--source", "192.0.2.1:5");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            $"""
            GET /a (host shop.example:8080)
            from 192.0.2.1:5, at frontend web (127.0.0.1:8080)

            frontend web, http-request
              - not fired    deny if {'{'} path_beg /internal {'}'}  [{file}:8]
                              saw "/a"
              + fired        set-header x-client %[src]  [{file}:9]
                              header x-client = "192.0.2.1"

            => backend app (default_backend), a server by random
               + s1 127.0.0.1:2 weight 1

            """.ReplaceLineEndings("\n"),
            output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("[2001:db8::1]:4711", "[2001:db8::1]:4711")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:49152")]
    [InlineData("2001:db8::1", "[2001:db8::1]:49152")]
    public async Task Client_of_IPv6_has_its_port(string source, string client)
    {
        var (exitCode, output, _) = await ToolProcess.RunAsync("explain", _folder.WriteGood(8080, 2), "GET http://shop.example:8080/a", "--source", source);

        Assert.Equal(0, exitCode);
        Assert.Contains($"\nfrom {client}, at frontend web", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_was_not_given_is_not_known()
    {
        var file = _folder.WriteGood(
            8080, 2, "http-request deny if { req.hdr_cnt(content-length) gt 1 }\n  http-request wait-for-body time 1s\n  http-request deny if !{ method POST } { req.hdr(content-length) -m found }");

        var (_, none, _) = await ToolProcess.RunAsync("explain", file, "GET http://h:8080/");
        var (_, missed, _) = await ToolProcess.RunAsync("explain", file, "POST http://h:8080/", "-H", "Content-Length: 5");
        var (_, given, _) = await ToolProcess.RunAsync("explain", file, "POST http://h:8080/", "--body", "abcde");

        Assert.Contains("=> backend app", none, StringComparison.Ordinal);
        Assert.Contains("the request's body, which was not given", missed, StringComparison.Ordinal);
        Assert.DoesNotContain("not given", given, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_for_programs_is_json()
    {
        var file = _folder.WriteGood(8080, 2, "http-request deny if { hdr(x-a) \"two words\" }");

        var (exitCode, output, _) = await ToolProcess.RunAsync("explain", "--json", file, "POST http://h:8080/", "-H", "X-A: two words");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.Equal("Answered", root.GetProperty("end").GetString());
        Assert.Equal(403, root.GetProperty("reply").GetProperty("status").GetInt32());
        var rule = root.GetProperty("lists")[0].GetProperty("rules")[0];
        Assert.Equal("Fired", rule.GetProperty("fate").GetString());
        Assert.Equal($"{file}:8", rule.GetProperty("place").GetString());
        Assert.Equal("\"two words\"", rule.GetProperty("condition").GetProperty("values")[0].GetString());
    }

    [Fact]
    public async Task Example_of_the_page_is_what_the_tool_prints()
    {
        var page = (await File.ReadAllTextAsync(RepositoryTree.PathOf("docs", "proxykit-tool.md"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        page = page[page.IndexOf("## Why did this request go there?", StringComparison.Ordinal)..];
        _folder.Write(Block(page, "haproxy"), "gateway.cfg");

        var (exitCode, output, errors) = await ToolProcess.RunAsync(
            "explain", "-C", _folder.Root, "gateway.cfg", "GET http://shop.example:8080/cart/7", "-H", "X-Tier: Silver", "--source", "192.0.2.7");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(Block(page, "text"), output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("circuit-breaker", "http://a:8080/", "=> backend ")]
    [InlineData("header-rules", "http://a:8080/v1/x", "target = \"/x\"")]
    [InlineData("passthrough", "https://a:8443/", "three 127.0.0.1:9445 weight 1: backup, for when no other server is left")]
    [InlineData("tls-by-name", "https://www.shop.example:8443/", "=> backend shop (use_backend")]
    [InlineData("rate-limit", "http://a:8080/", "sc0 = an entry of table")]
    [InlineData("routing-by-path", "http://api.example:8080/cart", "=> backend cart (use_backend")]
    public async Task Samples_are_explained(string sample, string request, string expected)
    {
        var file = RepositoryTree.PathOf("samples", "haproxy", sample + ".cfg");

        var (exitCode, output, errors) = await ToolProcess.RunAsync("explain", file, request);

        Assert.True(exitCode == 0, errors);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_configuration_is_refused_as_check_does()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2, "frobnicate"));

        var (exitCode, output, errors) = await ToolProcess.RunAsync("explain", file, "/");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"[{file}:8] : unknown keyword 'frobnicate'", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://a/", "is no URL of http:// or https://")]
    [InlineData("GET http://a/ HTTP/1.1", "more than a method and a URL")]
    public async Task Request_that_is_none_ends_with_2(string request, string fault)
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("explain", _folder.WriteGood(1, 2), request);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains($"explain : '{request}' ", errors, StringComparison.Ordinal);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frontend_that_is_not_there_ends_with_2()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("explain", _folder.WriteGood(1, 2), "/", "--frontend", "x\u001b");

        Assert.Equal(2, exitCode);
        Assert.Contains("there is no frontend 'x\\x1B' (there are web)", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_bytes_reach_no_terminal()
    {
        var file = _folder.WriteGood(8080, 2, "http-request set-header x-a '\u001b[31m' if { url_param(q),url_dec -m found }");

        var (exitCode, output, _) = await ToolProcess.RunAsync("explain", file, "http://a:8080/?q=%1b%5b2J%07");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(output, static c => char.IsControl(c) && c != '\n' && c != '\r');
        Assert.Contains("\\x1B[2J\\x07", output, StringComparison.Ordinal);
    }

    private static string Block(string page, string language)
    {
        var start = page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}

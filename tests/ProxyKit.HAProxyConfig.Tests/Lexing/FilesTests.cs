namespace ProxyKit.HAProxyConfig.Tests.Lexing;

public sealed class FilesTests : IDisposable
{
    private const string Proxy = "frontend f\n bind :80\n timeout client 1s\n";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Directory_gives_its_files_in_the_order_of_their_names()
    {
        Write("20-b.cfg", "frontend f\n bind :80\n timeout client 1s\n default_backend b\n");
        Write("10-a.cfg", "backend b\n");
        Write(".hidden.cfg", "nonsense\n");
        Write("note.txt", "nonsense\n");

        var result = HAProxyConfiguration.Load(_directory);

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal("b", Assert.Single(result.Options.Frontends).DefaultBackend);
    }

    [Fact]
    public void Files_are_read_as_one_in_the_order_given()
    {
        var first = Write("z.cfg", "defaults\n timeout client 7s\n");
        var second = Write("a.cfg", "frontend f\n bind :80\n");

        var result = HAProxyConfiguration.Load([first, second]);

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(result.Options.Frontends).ClientTimeout);
    }

    [Fact]
    public void Section_does_not_go_on_in_the_next_file()
    {
        var first = Write("1.cfg", Proxy);
        var second = Write("2.cfg", "maxconn 5\n");

        var result = HAProxyConfiguration.Load([first, second]);

        Assert.Equal($"parsing [{second}:1] : unknown keyword 'maxconn' out of section.", Assert.Single(result.Alerts()));
    }

    [Fact]
    public void Line_knows_its_file_its_number_and_its_section()
    {
        const string Here = "\"${.FILE}:${.LINE}:${.SECTION}\"";
        var first = Write("1.cfg", $".notice {Here}\ndefaults\n timeout client 1s\n log-format {Here}\nfrontend f\n mode http\n bind :80\n unique-id-format {Here}\n");
        var second = Write("2.cfg", $".notice {Here}\nfrontend {"\"g${.LINE}\""}\n bind :81\n");

        var result = HAProxyConfiguration.Load([first, second]);

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal([$"parsing [{first}:1]: '{first}:1:'.", $"parsing [{second}:1]: '{second}:1:'."], result.Notices());
        Assert.Equal([$"{first}:4:defaults", $"{first}:4:defaults"], result.Options.Frontends.Select(static f => f.LogFormat));
        Assert.Equal($"{first}:8:f", result.Options.Frontends[0].UniqueIdFormat);
        Assert.Equal("g2", result.Options.Frontends[1].Name);
    }

    [Fact]
    public void Local_peer_is_a_variable_from_its_line_on()
    {
        var result = Reading.Of(
            "global\n localpeer me\n.notice \"$HAPROXY_LOCALPEER\"\nfrontend f\n mode http\n bind :80\n timeout client 1s\n unique-id-format \"$HAPROXY_LOCALPEER\"\n");

        Assert.Equal("me", Assert.Single(result.Options!.Frontends).UniqueIdFormat);
        Assert.Equal(
            [
                "parsing [a.cfg:2] : 'localpeer' works otherwise here: it is what HAPROXY_LOCALPEER stands for from there on, and names no peer, as there are none.",
                "parsing [a.cfg:3]: 'me'.",
            ],
            result.Notices());
    }

    [Fact]
    public void File_without_a_line_feed_at_its_end_is_refused()
    {
        Assert.Equal(
            "parsing [a.cfg:3]: Missing LF on last line, file might have been truncated at position 19.",
            Reading.Alert("frontend f\n bind :80\n timeout client 1s"));
    }

    [Fact]
    public void Empty_file_is_no_fault_of_its_own()
    {
        Assert.Equal("No enabled listener found (check for 'bind' directives) !", Reading.Alert(""));
    }

    [Fact]
    public void File_that_is_not_there_is_named()
    {
        var path = Path.Combine(_directory, "none.cfg");

        Assert.StartsWith(
            $"Could not open configuration file {path} : ", HAProxyConfiguration.Load(path).Alerts().First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Carriage_returns_and_a_byte_order_mark_are_no_text()
    {
        var path = Path.Combine(_directory, "w.cfg");
        File.WriteAllText(path, Proxy.Replace("\n", "\r\n", StringComparison.Ordinal), System.Text.Encoding.UTF8);

        Assert.True(HAProxyConfiguration.Load(path).IsValid);
    }

    [Fact]
    public void Files_find_their_own_names_in_the_environment()
    {
        var first = Write("1.cfg", Proxy);
        var second = Write("2.cfg", "backend b\n description \"x\"\n.if !streq(\"$HAPROXY_CFGFILES\",\"${NONE-}\")\n.notice \"$HAPROXY_CFGFILES\"\n.endif\n");

        Assert.Contains($"parsing [{second}:4]: '{first};{second}'.", HAProxyConfiguration.Load([first, second]).Notices());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}

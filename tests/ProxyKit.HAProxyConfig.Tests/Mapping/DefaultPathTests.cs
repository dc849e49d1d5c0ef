namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>Where files are whose paths are relative.</summary>
public sealed class DefaultPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-paths-").FullName;

    public DefaultPathTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "conf", "inner"));
        File.WriteAllText(Path.Combine(_folder, "conf", "hosts.map"), "a conf\n");
        File.WriteAllText(Path.Combine(_folder, "conf", "inner", "hosts.map"), "a inner\n");
        File.WriteAllText(Path.Combine(_folder, "conf", "inner", "503.http"), "HTTP/1.1 503 A\r\n\r\nx");
        File.WriteAllText(Path.Combine(_folder, "conf", "inner", "nets.lst"), "10.0.0.0/8\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("config", "conf/inner/")]
    [InlineData("parent", "conf/inner/..")]
    [InlineData("origin {0}/conf", "conf")]
    public void Files_are_where_it_is_said(string policy, string directory)
    {
        var options = Read($"default-path {string.Format(null, policy, _folder)}", "http-request set-header a %[str(a),map(hosts.map)]", "http-request set-var(txn.a) str(a),map(hosts.map)");

        Assert.Empty(Proxy.Check(options));
        Assert.Equal(
            $"set-var(txn.a) str(a),map({Path.Combine(_folder, directory, "hosts.map")})", options.Frontends[0].Rules.Request[1].Action.ToString());
    }

    [Fact]
    public void Every_kind_of_file_is_there()
    {
        var options = Read(
            "default-path config",
            "errorfile 503 503.http",
            "acl net src -f nets.lst",
            "acl maybe src -f opt@none.lst",
            "acl made src -f virt@made",
            "http-request return status 503 errorfile 503.http if net or maybe or made",
            "http-request return status 200 content-type text/plain file nets.lst if { src -f nets.lst }",
            "http-request set-map(hosts.map) a b",
            "http-request deny if { str(a),map(hosts.map) b }");

        Assert.Empty(Proxy.Check(options));
    }

    [Fact]
    public void Files_of_tiers_are_there_too()
    {
        var options = Read(
            "default-path config\ntiers plans\ncount-by src\ntier a\ndefault-tier a\nquota-folder quotas\ncost 5 if { src -f nets.lst }\ncost 6 unless { str(a),map(hosts.map) inner }",
            "use-tiers plans");

        Assert.Empty(Proxy.Check(options));
        Assert.Equal(Path.Combine(_folder, "conf", "inner", "quotas"), Assert.Single(options.Tiers).QuotaFolder);
    }

    [Fact]
    public void Directory_of_the_process_counts_until_something_else_is_said()
    {
        var options = Read("default-path config\ndefault-path current", "http-request set-var(txn.a) str(a),map(hosts.map)");

        Assert.Equal("set-var(txn.a) str(a),map(hosts.map)", options.Frontends[0].Rules.Request[0].Action.ToString());
    }

    [Theory]
    [InlineData("default-path here", "'default-path' only supports 'current', 'config', 'parent', 'origin' (got 'here')")]
    [InlineData("default-path origin", "'default-path origin' expects a directory.")]
    [InlineData("default-path origin /none/such", "'default-path origin' : there is no directory '/none/such'.")]
    [InlineData("default-path config x", "'default-path config' cannot handle unexpected argument 'x'.")]
    public void What_is_no_place_is_told(string line, string alert) => Assert.Equal(
        $"parsing [a.cfg:2] : {alert}", Reading.Alert($"global\n{line}\nfrontend f\nmode http\ntimeout client 1s\nbind :80\n"));

    [Theory]
    [InlineData("log-format %[str(a),map(hosts.map)]")]
    [InlineData("error-log-format %[str(a),map(hosts.map)]")]
    [InlineData("unique-id-format %[str(a),map(hosts.map)]")]
    [InlineData("http-request set-header a %[str(a),map(hosts.map)]")]
    public void Format_names_a_map_that_is_there(string line)
    {
        Assert.Empty(Proxy.Check(Read("default-path config", line)));
        Assert.NotEmpty(Proxy.Check(Read("default-path config", line.Replace("hosts", "none", StringComparison.Ordinal))));
    }

    [Fact]
    public void Formats_of_several_directories_are_too_many_if_that_counts()
    {
        var inherited = Path.Combine(_folder, "conf", "a.cfg");
        File.WriteAllText(inherited, "global\ndefault-path config\ndefaults\nmode http\ntimeout client 1s\nlog-format %[str(a),map(hosts.map)]\nerror-log-format %ci\n");
        HAProxyConfigurationResult With(string line)
        {
            var path = Path.Combine(_folder, "conf", "inner", "b.cfg");
            File.WriteAllText(path, $"frontend f\nbind :80\n{line}\n");
            return HAProxyConfiguration.Load([inherited, path]);
        }

        Assert.Empty(Proxy.Check(With("unique-id-format %ci").GetOptionsOrThrow()));
        Assert.Contains(
            With("unique-id-format %[str(a),map(hosts.map)]").Alerts(),
            static a => a.Contains("'f': its formats stand in files of several directories, and 'default-path' has each look for files of its own", StringComparison.Ordinal));
    }

    private ProxyOptions Read(string global, params string[] lines)
    {
        var path = Path.Combine(_folder, "conf", "inner", "a.cfg");
        File.WriteAllText(path, $"global\n{global}\nfrontend f\nmode http\ntimeout client 1s\nbind :80\n{string.Join('\n', lines)}\n");
        return HAProxyConfiguration.Load(path).GetOptionsOrThrow();
    }
}

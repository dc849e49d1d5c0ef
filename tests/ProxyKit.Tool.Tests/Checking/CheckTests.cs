using System.Text.RegularExpressions;

namespace ProxyKit.Tool.Tests.Checking;

public sealed class CheckTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_of_a_good_file_says_nothing_and_returns_0()
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("-c", "-f", _folder.WriteGood(1, 2));

        Assert.Equal((0, "", ""), (exitCode, output, errors));
    }

    [Theory]
    [InlineData("-c", "-V", "-f")]
    [InlineData("check")]
    public async Task Check_asked_to_speak_says_that_a_file_is_valid(params string[] flags)
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync([.. flags, _folder.WriteGood(1, 2)]);

        Assert.Equal((0, "Configuration file is valid\n", ""), (exitCode, output, errors));
    }

    [Fact]
    public async Task Check_of_a_bad_file_names_every_fault_and_returns_1()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2, "bnd :80\n  frobnicate"));

        var (exitCode, output, errors) = await ToolProcess.RunAsync("-c", "-f", file);

        Assert.Equal((1, ""), (exitCode, output));
        var lines = errors.TrimEnd('\n').Split('\n');
        Assert.All(lines, static line => Assert.Matches(@"^\[(NOTICE|ALERT)\] +\(\d+\) : ", line));
        Assert.Matches(@"^\[NOTICE\]   \(\d+\) : proxykit version is \d", lines[0]);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^\[ALERT\]    \(\d+\) : config : parsing \[" + Regex.Escape(file) + @":8\] : unknown keyword 'bnd' in 'frontend' section"));
        Assert.Contains(lines, line => line.Contains($"[{file}:9] : unknown keyword 'frobnicate'", StringComparison.Ordinal));
        Assert.EndsWith($" : config : Error(s) found in configuration file : {file}", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith(" : config : Fatal errors found in configuration.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_finds_what_only_the_proxy_itself_can_know()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2).Replace(":1\n", ":1 ssl crt /nowhere.pem\n", StringComparison.Ordinal));

        var (exitCode, _, errors) = await ToolProcess.RunAsync("-c", "-f", file);

        Assert.Equal(1, exitCode);
        Assert.Contains("/nowhere.pem", errors, StringComparison.Ordinal);
        Assert.EndsWith("config : Fatal errors found in configuration.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_are_told_and_do_not_matter_unless_asked()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2).Replace("  timeout connect 5s\n", "", StringComparison.Ordinal));

        var (exitCode, output, errors) = await ToolProcess.RunAsync("-c", "-V", "-f", file);
        var (strictExitCode, _, strictErrors) = await ToolProcess.RunAsync("-c", "-dW", "-f", file);

        Assert.Equal((0, "Warnings were found.\nConfiguration file is valid\n"), (exitCode, output));
        Assert.Matches(@"\[WARNING\]  \(\d+\) : config : parsing \[.*\] : missing timeouts for backend 'app'\.", errors);
        Assert.Equal(1, strictExitCode);
        Assert.EndsWith("config : Some warnings were found and 'zero-warning' is set. Aborting.\n", strictErrors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_says_nothing_even_of_a_bad_file()
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("-c", "-q", "-f", _folder.Write("frobnicate\n"));

        Assert.Equal((1, "", ""), (exitCode, output, errors));
    }

    [Fact]
    public async Task Missing_file_is_a_fault()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-c", "-f", _folder.PathOf("none.cfg"));

        Assert.Equal(1, exitCode);
        Assert.Contains("none.cfg", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_is_read_whole_and_relative_to_where_C_leads()
    {
        Directory.CreateDirectory(_folder.PathOf("conf"));
        _folder.WriteGood(1, 2, name: "conf/1.cfg");
        _folder.Write("frontend other\n  bnd :2\n", "conf/2.cfg");

        var (exitCode, _, errors) = await ToolProcess.RunAsync("-c", "-C", _folder.Root, "-f", "conf");

        Assert.Equal(1, exitCode);
        Assert.Contains("parsing [conf/2.cfg:2] : unknown keyword 'bnd'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_that_is_not_there_cannot_be_changed_to()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-c", "-C", _folder.PathOf("none"), "-f", "a.cfg");

        Assert.Equal(1, exitCode);
        Assert.Contains($"Could not change to directory {_folder.PathOf("none")} : ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("streq(a,a)", 0)]
    [InlineData("streq(a,b)", 1)]
    [InlineData("", 1)]
    [InlineData("version_atleast(2.4) && !version_atleast(99)", 0)]
    [InlineData("foo(a)", 2)]
    [InlineData("1 &&", 2)]
    [InlineData("1\n.alert x", 2)]
    public async Task Condition_is_told_by_the_exit_code(string condition, int expected)
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("-cc", condition);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Equal(expected == 2, errors.Contains(" : config : Failed to evaluate condition: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_goes_to_the_output()
    {
        var (exitCode, output, errors) = await ToolProcess.RunAsync("-v");
        var (_, more, _) = await ToolProcess.RunAsync("-vv");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith("ProxyKit version 0", output, StringComparison.Ordinal);
        Assert.StartsWith(output, more, StringComparison.Ordinal);
        Assert.Contains("Runtime: .NET", more, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_flag_shows_the_usage_and_returns_1()
    {
        var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", "a.cfg", "-y");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Usage : proxykit ", errors, StringComparison.Ordinal);
    }
}

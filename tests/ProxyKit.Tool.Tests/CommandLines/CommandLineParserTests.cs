using ProxyKit.Tool.CommandLines;

namespace ProxyKit.Tool.Tests.CommandLines;

public sealed class CommandLineParserTests
{
    [Fact]
    public void Files_come_from_f_and_from_behind_two_dashes_in_their_order() =>
        Assert.Equal(["a", "b", "c", "-d"], Parse("-f", "a", "-f", "b", "--", "c", "-d").Files);

    [Theory]
    [InlineData("-f a", Purpose.Run)]
    [InlineData("-f a -c", Purpose.Check)]
    [InlineData("check a", Purpose.Check)]
    [InlineData("explain a /", Purpose.Explain)]
    [InlineData("-cc 1", Purpose.EvaluateCondition)]
    [InlineData("-v", Purpose.ShowVersion)]
    [InlineData("-vv", Purpose.ShowBuild)]
    [InlineData("--help", Purpose.ShowHelp)]
    internal void Purpose_follows_from_the_flags(string words, Purpose purpose) => Assert.Equal(purpose, Parse(words.Split(' ')).Purpose);

    [Fact]
    public void Flags_of_limits_and_names_take_the_next_word()
    {
        var line = Parse("-f", "a", "-n", "100", "-N", "10", "-L", "me", "-p", "pid", "-C", "dir");

        Assert.Equal((100, 10, "me", "pid", "dir"), (line.MaxConnections, line.ProxyMaxConnections, line.LocalPeer, line.PidFile, line.Directory));
    }

    [Fact]
    public void Modes_of_d_are_told_apart()
    {
        var line = Parse("-f", "a", "-dW", "-dD", "-dV", "-dr", "-dR");

        Assert.True(line.RefusesWarnings && line.ShowsDiagnostics);
        Assert.False(line.VerifiesServers || line.ResolvesNames || line.SharesAddresses || line.IsDebug);
        Assert.True(Parse("-f", "a", "-d").IsDebug);
    }

    [Theory]
    [InlineData("-sf 1 2 -f a", false, 1, 2)]
    [InlineData("-f a -st 3", true, 3)]
    [InlineData("-f a -sf")]
    [InlineData("-sf -f a")]
    public void Old_processes_are_listed_up_to_the_next_flag(string words, bool terminates = false, params int[] processes)
    {
        var line = Parse(words.Split(' '));

        Assert.Equal(processes, line.OldProcesses);
        Assert.Equal(terminates, line.TerminatesOldProcesses);
        Assert.Equal(["a"], line.Files);
    }

    [Fact]
    public void Old_processes_may_stand_in_one_word() => Assert.Equal([1, 2], Parse("-f", "a", "-sf", "1\n2\n").OldProcesses);

    [Theory]
    [InlineData("-W", true, false)]
    [InlineData("-Ws", true, true)]
    [InlineData("-db", false, false)]
    public void Master_worker_is_told_from_its_systemd_form(string flag, bool isMasterWorker, bool notifies)
    {
        var line = Parse("-f", "a", flag);

        Assert.Equal((isMasterWorker, notifies), (line.IsMasterWorker, line.NotifiesServiceManager));
    }

    [Theory]
    [InlineData("-q", true)]
    [InlineData("-q -V", false)]
    [InlineData("-V -q", false)]
    public void Quiet_is_undone_by_verbose(string flags, bool isQuiet) => Assert.Equal(isQuiet, Parse(["-f", "a", .. flags.Split(' ')]).IsQuiet);

    [Fact]
    public void Explain_takes_files_and_behind_them_the_request()
    {
        var line = Parse("explain", "-H", "X-A: a:b", "a", "GET http://h/", "--tls", "--http1.0", "--body", "x", "--json", "-dr", "-f", "b");

        var request = line.Explain!.ToRequest();
        Assert.Equal(["a", "b"], line.Files);
        Assert.Equal([new("Host", "h"), new("X-A", "a:b")], request.Headers);
        Assert.Equal((true, Http.HttpProtocol.Http10, 1), (request.IsSecure, request.Protocol, request.Body!.Value.Length));
        Assert.True(line.Explain.WritesJson && !line.ResolvesNames);
    }

    [Fact]
    public void Host_of_the_command_line_takes_the_place_of_the_urls() =>
        Assert.Equal([new("host", "b")], Parse("explain", "a", "http://h/", "-H", "host: b").Explain!.ToRequest().Headers);

    [Theory]
    [InlineData("explain", null)]
    [InlineData("explain a", null)]
    [InlineData("explain -f a", null)]
    [InlineData("explain a / -H x", "'-H' expects a header field, as in 'Name: value'.")]
    [InlineData("explain a / --source here", "'--source' expects an IP address, with or without a port.")]
    [InlineData("check a --json", null)]
    public void Explain_that_is_incomplete_is_refused(string words, string? fault)
    {
        Assert.False(CommandLineParser.TryParse(words.Split(' '), out _, out var told));
        Assert.Equal(fault, told);
    }

    [Fact]
    public void Verb_answers_unless_it_is_to_be_quiet()
    {
        Assert.True(Parse("check", "a").IsVerbose);
        Assert.True(Parse("check", "a", "-q").IsQuiet);
    }

    [Theory]
    [InlineData("-D")]
    [InlineData("-m 512")]
    [InlineData("-dM")]
    [InlineData("-dM0x50")]
    [InlineData("-dI")]
    [InlineData("-de")]
    [InlineData("-dS")]
    public void What_means_nothing_here_is_accepted_with_a_notice(string flags) =>
        Assert.Contains(flags.Split(' ')[0], Assert.Single(Parse(["-f", "a", .. flags.Split(' ')]).Notices), StringComparison.Ordinal);

    [Fact]
    public void Daemon_says_nothing_when_the_foreground_was_asked_for() => Assert.Empty(Parse("-f", "a", "-D", "-db").Notices);

    [Theory]
    [InlineData("-S /run/x", "'-S' is not supported yet")]
    [InlineData("-x /run/x", "'-x' is not supported yet")]
    [InlineData("-dC", "'-dC' is not supported yet")]
    [InlineData("-dCkey", "'-dC' is not supported yet")]
    [InlineData("-n abc", "'-n' expects a number of 1 or more, got 'abc'.")]
    [InlineData("-N 0", "'-N' expects a number of 1 or more, got '0'.")]
    [InlineData("-m x", "'-m' expects a number of 1 or more, got 'x'.")]
    [InlineData("-sf abc", "-sf option: 'abc' is no process in the list 'abc'.")]
    [InlineData("-st 0", "-st option: '0' is no process in the list '0'.")]
    public void What_cannot_be_done_is_refused_with_its_reason(string flags, string fault)
    {
        Assert.False(CommandLineParser.TryParse(["-f", "a", .. flags.Split(' ')], out _, out var said));
        Assert.StartsWith(fault, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-c")]
    [InlineData("check")]
    [InlineData("a.cfg")]
    [InlineData("-f a -y")]
    [InlineData("-f a -dx")]
    [InlineData("-f a -dWx")]
    [InlineData("-f a -Wx")]
    [InlineData("-f a -")]
    [InlineData("-f")]
    [InlineData("-f a -n")]
    [InlineData("-cc")]
    [InlineData("-f a --frobnicate")]
    public void What_is_not_understood_has_no_fault_but_the_usage(string words)
    {
        Assert.False(CommandLineParser.TryParse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _, out var fault));
        Assert.Null(fault);
    }

    private static CommandLine Parse(params string[] words)
    {
        Assert.True(CommandLineParser.TryParse(words, out var line, out var fault), fault);
        return line;
    }
}

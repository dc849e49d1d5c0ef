using ProxyKit.Tool.Checking;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Tests.Checking;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Limit_of_the_command_line_takes_the_place_of_the_file_s()
    {
        var file = _folder.Write("global\n  maxconn 100\n" + ConfigurationFolder.Good(1, 2));

        Assert.Equal(100, Load("-f", file).MaxConnections);
        Assert.Equal(7, Load("-f", file, "-n", "7").MaxConnections);
    }

    [Fact]
    public void Limit_of_frontends_is_for_those_that_have_none()
    {
        var silent = _folder.Write(ConfigurationFolder.Good(1, 2));
        var saying = _folder.Write(ConfigurationFolder.Good(1, 2, "maxconn 5"), "b.cfg");

        Assert.Equal(7, Load("-f", silent, "-N", "7").Frontends[0].MaxConnections);
        Assert.Equal(5, Load("-f", saying, "-N", "7").Frontends[0].MaxConnections);
    }

    [Theory]
    [InlineData("ca-file @system-ca", true, false)]
    [InlineData("ca-file @system-ca verify required", true, true)]
    [InlineData("", null, false)]
    public void Servers_are_verified_unless_dV_says_otherwise_and_their_line_does_not(string more, bool? usually, bool withFlag)
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2).Replace("127.0.0.1:2", $"127.0.0.1:2 ssl verifyhost a.example {more}", StringComparison.Ordinal));

        Assert.Equal(usually, TryLoad("-f", file)?.Backends[0].Servers[0].Tls?.Verify);
        Assert.Equal(withFlag, Load("-f", file, "-dV").Backends[0].Servers[0].Tls?.Verify);
    }

    [Fact]
    public void Name_that_nobody_knows_is_a_fault_unless_it_is_looked_up_later()
    {
        var file = _folder.Write(ConfigurationFolder.Good(1, 2).Replace("127.0.0.1:2", "nobody.invalid:2", StringComparison.Ordinal));

        Assert.Null(TryLoad("-f", file));
        Assert.NotNull(TryLoad("-f", file, "-dr"));
    }

    [Fact]
    public void Local_peer_and_diagnostics_reach_the_reader()
    {
        var file = _folder.Write(".if streq(\"$HAPROXY_LOCALPEER\",me)\n.alert \"it is me\"\n.endif\n.diag \"look\"\n" + ConfigurationFolder.Good(1, 2));
        using var messages = new StringWriter();

        Assert.True(CommandLineParser.TryParse(["-f", file, "-L", "me", "-dD"], out var line, out _));
        Assert.Null(ConfigurationLoader.Load(line, new MessageWriter(messages, isQuiet: false), out _));
        Assert.Contains("'it is me'", messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("'look'", messages.ToString(), StringComparison.Ordinal);
    }

    private static ProxyOptions Load(params string[] words)
    {
        var options = TryLoad(words);
        Assert.NotNull(options);
        return options;
    }

    private static ProxyOptions? TryLoad(params string[] words)
    {
        Assert.True(CommandLineParser.TryParse(words, out var line, out _));
        return ConfigurationLoader.Load(line, new MessageWriter(TextWriter.Null, isQuiet: true), out _);
    }
}

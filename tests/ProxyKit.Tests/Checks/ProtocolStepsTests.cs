using System.Text;
using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

/// <summary>Checks of servers of other protocols, over sockets.</summary>
public sealed class ProtocolStepsTests
{
    [Theory]
    [InlineData(HealthCheckKind.Ldap)]
    [InlineData(HealthCheckKind.PostgreSql)]
    [InlineData(HealthCheckKind.Redis)]
    [InlineData(HealthCheckKind.MySql)]
    [InlineData(HealthCheckKind.Smtp)]
    [InlineData(HealthCheckKind.Spop)]
    public async Task Server_that_closes_without_a_word_has_answered_wrongly(HealthCheckKind kind) => Assert.Equal(
        CheckStatus.Layer7Invalid, (await CheckAsync([], b => b.Check(new HealthCheckOptions { Kind = kind, User = "checker" }))).Status);

    [Theory]
    [InlineData("^[[:digit:]]+\r$", "42\r", true)]
    [InlineData("^[[:digit:]]+\r$", "4a\r", false)]
    [InlineData("^\\d$", "\u0664", false)] // a digit in Arabic: no byte of it is one
    [InlineData("^..$", "\u00e9", true)] // two bytes
    [InlineData("(a)\\1", "aa", true)]
    public async Task Expression_is_searched_for_in_bytes_as_rules_search(string expression, string answer, bool isFound)
    {
        var result = await CheckAsync(
            Encoding.UTF8.GetBytes(answer), b => b.CheckTcp(c => c.Connect().Step(new ExpectStep { Kind = CheckPattern.Regex, Pattern = expression })));

        Assert.Equal(isFound ? CheckStatus.Layer7Passed : CheckStatus.Layer7Invalid, result.Status);
    }

    /// <summary>As HAProxy 2.6 judges the same frames.</summary>
    [Theory]
    [InlineData("00000027650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF006", true, "SPOA server is ok")]
    [InlineData("0000002A650000000100000776657273696F6E08072030322E3030200E6D61782D6672616D652D73697A6502F001", true, "SPOA server is ok")] // 256 bytes
    [InlineData("00000053650000000100000161000162110163060102030401640700000000000000000000000000000000016509020102016604F88B020776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF006", true, "SPOA server is ok")] // values of all types
    [InlineData("00000027650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF0067878", true, "SPOA server is ok")] // more behind it
    [InlineData("00000027650000000100000776657273696F6E0803322E310E6D61782D6672616D652D73697A6503FCF006", false, "unsupported version")]
    [InlineData("00000012650000000100000776657273696F6E080132", false, "unsupported version")]
    [InlineData("0000001A650000000100000E6D61782D6672616D652D73697A6503FCF006", false, "version value not found")]
    [InlineData("00000014650000000100000776657273696F6E0803322E30", false, "max-frame-size value not found")]
    [InlineData("00000026650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FF00", false, "max-frame-size too big or too small")] // 255
    [InlineData("00000027650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FDF006", false, "max-frame-size too big or too small")] // 16381
    [InlineData("00000027650000000000000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF006", false, "fragmentation not supported")]
    [InlineData("00000027650000000101000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF006", false, "invalid frame received")] // of a stream
    [InlineData("0000000767000000010000", false, "invalid frame received")] // another type
    [InlineData("00000024650000000100000776657273696F6E03020E6D61782D6672616D652D73697A6503FCF006", false, "invalid frame received")] // a number
    [InlineData("0000002F650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FFFFFFFFFFFFFFFFFFFFFF", false, "invalid frame received")] // a number without an end
    [InlineData("00000016650000000100000776657273696F6E0803322E30C878", false, "invalid frame received")] // a name that is cut off
    [InlineData("00000000", false, "invalid frame received")]
    [InlineData("00000024660000000100000B7374617475732D636F64650303076D6573736167650805736F727279", false, "frame is too big")]
    [InlineData("00000016660000000100000B7374617475732D636F646503F82F", false, "an unknown error occurred")] // 1000
    [InlineData("0000001466000000010000076D6573736167650803627965", false, "normal")]
    [InlineData("00000016660000000100000B7374617475732D636F6465080178", false, "invalid frame received")]
    [InlineData("00000027650000000100000776657273696F6E0803322E300E6D61782D6672616D652D73697A6503FCF0", false, "invalid frame received")] // closed before its end
    public async Task Agent_for_streams_says_what_it_speaks(string answer, bool passes, string info)
    {
        var result = await CheckAsync(Convert.FromHexString(answer), static b => b.Check(new HealthCheckOptions { Kind = HealthCheckKind.Spop }));

        Assert.Equal((passes ? CheckStatus.Layer7Passed : CheckStatus.Layer7Invalid, info), (result.Status, result.Info));
    }

    private static async Task<CheckResult> CheckAsync(byte[] answer, Action<BackendBuilder> configure) =>
        (await CheckedServer.CheckAsync(answer, configure, listens: false)).Result;
}

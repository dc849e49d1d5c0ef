using ProxyKit.PostgreSql.Tests.Servers;

namespace ProxyKit.PostgreSql.Tests;

public sealed class PostgreSqlOptionsTests
{
    [Fact]
    public void Defaults_are_in_their_ranges() => Assert.Empty(new PostgreSqlOptions().Faults());

    [Fact]
    public void All_faults_are_told_with_their_paths()
    {
        var fault = Assert.Throws<ArgumentException>(() => new PostgreSqlGateway("Host=db", static o =>
        {
            o.Schema = "drop table";
            o.Credit = 2;
            o.ShipBatch = 0;
            o.LeaseInterval = TimeSpan.Zero;
        }));

        Assert.All(
            (string[])["postgresql > Schema:", "postgresql > Credit: 2 is out of range (0-1).", "postgresql > ShipBatch:", "postgresql > LeaseInterval:"],
            path => Assert.Contains(path, fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host=db;Password=ab;cdef=1")]
    [InlineData("Host=db;Password=abcdef;Port=abcdef")]
    [InlineData("Password=abcdef")]
    public void Connection_string_that_cannot_be_read_is_told_without_a_part_of_it(string text)
    {
        var fault = Assert.Throws<ArgumentException>(() => new PostgreSqlGateway(text));

        Assert.Contains("postgresql > the connection string", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cdef", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 120, 30)] // a command may be long, but a host that does not answer is away
    [InlineData(";Command Timeout=7", 7, 30)]
    [InlineData(";CommandTimeout=0;Timeout=60", 0, 60)]
    public void Times_of_the_connection_string_are_kept(string words, int command, int connect)
    {
        var completed = Database.Complete("Host=db" + words, new PostgreSqlOptions { CommandTimeout = TimeSpan.FromMinutes(2) });

        Assert.Equal((command, connect), (completed.CommandTimeout, completed.Timeout));
    }

    [Theory]
    [InlineData("Search Path=public")]
    [InlineData("searchpath=proxykit,public")]
    public void Search_path_of_the_connection_string_is_refused(string words)
    {
        var fault = Assert.Throws<ArgumentException>(() => new PostgreSqlGateway($"Host=db;{words}"));

        Assert.Contains("Search Path", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/run/postgresql", false)]
    [InlineData("localhost,127.0.0.1,::1", false)]
    [InlineData("db", true)]
    [InlineData("/var/run/postgresql,db2.example", true)]
    [InlineData("127.0.0.1,10.0.0.1", true)]
    public void Hosts_of_which_one_is_elsewhere_are_verified(string hosts, bool verifies)
    {
        var mode = Database.Complete($"Host={hosts}", new PostgreSqlOptions()).SslMode;

        Assert.Equal(verifies, mode == Npgsql.SslMode.VerifyFull);
    }

    [Fact]
    public async Task Password_is_in_no_message_when_the_database_is_away()
    {
        var log = new RecordingLoggerProvider();
        await using var proxy = Proxy.Create(static p => p.AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b")).AddBackend("b", static _ => { }));
        await using (var gateway = new PostgreSqlGateway($"Host=127.0.0.1;Port=1;Username=u;Password='{PostgresServer.Password.Replace("'", "''", StringComparison.Ordinal)}'", null, log))
        {
            gateway.Start(proxy);
            await log.WaitForAsync(static e => e.Message.Contains("cannot be leased", StringComparison.Ordinal));
        }

        Assert.All(log.Entries, static e => Assert.DoesNotContain(PostgresServer.Password, e.Message + e.Exception, StringComparison.Ordinal));
    }
}

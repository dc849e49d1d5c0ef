using System.Net;
using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Logging;

public sealed class LoggerExchangeLogTests : IDisposable
{
    private static readonly EndPoint Client = IPEndPoint.Parse("[::ffff:192.0.2.8]:40112");

    private readonly RecordingLoggerProvider _logger = new();
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };

    public void Dispose() => _logger.Dispose();

    [Fact]
    public void An_exchange_is_a_line_in_the_access_category()
    {
        Log().Ended(new LoggedExchange().ToRecord());

        var entry = Assert.Single(_logger.Entries);
        Assert.Equal("ProxyKit.Access", entry.Category);
        Assert.Equal(LogLevel.Information, entry.Level);
        Assert.Equal(new LoggedExchange().Line(), entry.Message);
    }

    [Theory]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Error)]
    public void A_line_put_together_elsewhere_goes_to_the_same_readers(LogLevel level)
    {
        using var writer = new WriteCounter();

        Log(writer).Line("a \u00e9 \u20ac"u8, level);

        var entry = Assert.Single(_logger.Entries);
        Assert.Equal(("ProxyKit.Access", level, "a \u00e9 \u20ac"), (entry.Category, entry.Level, entry.Message));
        Assert.Equal(["a \u00e9 \u20ac\n"], writer.Writes);
    }

    [Fact]
    public void Access_is_enabled_as_long_as_somebody_reads_it()
    {
        var log = Log();

        Assert.True(log.IsAccessEnabled);
        _logger.MinimumLevel = LogLevel.Error;
        Assert.True(log.IsAccessEnabled); // for what has failed, and is told as an error
        Assert.Equal((false, true), (log.IsAccessEnabledAt(LogLevel.Information), log.IsAccessEnabledAt(LogLevel.Error)));
        _logger.MinimumLevel = LogLevel.None;
        Assert.False(log.IsAccessEnabled);
        Assert.True(Log(TextWriter.Null).IsAccessEnabled);
    }

    [Fact]
    public void Of_lines_below_the_level_that_is_read_none_is_put_together()
    {
        var log = Log();
        _logger.MinimumLevel = LogLevel.Error;
        var exchange = new LoggedExchange();
        log.Ended(exchange.ToRecord());
        log.Line("a"u8, LogLevel.Information);

        var before = GC.GetAllocatedBytesForCurrentThread();
        log.Ended(exchange.ToRecord());
        log.Line("a"u8, LogLevel.Information);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        log.Ended(exchange.ToRecord(), LogLevel.Error);
        Assert.Equal(LogLevel.Error, Assert.Single(_logger.Entries).Level);
    }

    [Fact]
    public void A_writer_gets_each_line_in_one_write()
    {
        using var writer = new WriteCounter();

        Log(writer).Ended(new LoggedExchange().ToRecord());
        Log(writer).Ended(new LoggedExchange { IsHttp = false }.ToRecord());

        Assert.Equal([new LoggedExchange().Line() + "\n", new LoggedExchange { IsHttp = false }.Line() + "\n"], writer.Writes);
        Assert.Equal(2, _logger.Entries.Count);
    }

    [Fact]
    public async Task Lines_of_many_threads_do_not_mix_in_a_writer()
    {
        using var writer = new StringWriter();
        var log = ExchangeLogs.For(factory: null, writer, _time);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                log.Ended(new LoggedExchange().ToRecord());
            }
        })));

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4_000, lines.Length);
        Assert.Equal(new LoggedExchange().Line(), Assert.Single(lines.Distinct()));
    }

    [Fact]
    public void A_writer_that_fails_is_told_of_once_and_ends_nothing()
    {
        var writer = new StringWriter();
        writer.Dispose();
        var log = Log(writer);

        log.Ended(new LoggedExchange().ToRecord());
        log.Ended(new LoggedExchange().ToRecord());

        var entry = Assert.Single(_logger.Entries, e => e.Category == "ProxyKit");
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.IsType<ObjectDisposedException>(entry.Exception);
    }

    [Fact]
    public void A_refused_request_is_told_with_client_frontend_and_reason()
    {
        Log().Refused(Client, "edge", "two Host fields differ");

        var entry = Assert.Single(_logger.Entries);
        Assert.Equal(("ProxyKit", LogLevel.Information), (entry.Category, entry.Level));
        Assert.Equal("Frontend edge refused a message of 192.0.2.8:40112: two Host fields differ", entry.Message);
    }

    [Fact]
    public void A_refused_response_is_told_with_its_server()
    {
        Log().Refused(null, "api/a2", "too many header lines");

        Assert.Equal("A response of api/a2 was refused: too many header lines", Assert.Single(_logger.Entries).Message);
    }

    [Fact]
    public void A_failed_handshake_is_told_with_client_frontend_and_reason()
    {
        Log().HandshakeFailed(Client, "edge", "timeout");

        Assert.Equal("The TLS handshake of 192.0.2.8:40112 with frontend edge failed: timeout", Assert.Single(_logger.Entries).Message);
    }

    [Fact]
    public void An_exception_is_told_as_an_error_with_its_frontend()
    {
        var exception = new InvalidOperationException("a user's strategy");

        Log().Failed(exception, "edge");

        var entry = Assert.Single(_logger.Entries);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Same(exception, entry.Exception);
        Assert.Equal("edge", entry["Frontend"]);
    }

    [Fact]
    public void A_failure_to_accept_is_told_once_in_ten_seconds()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var log = Log();

        for (var i = 0; i < 101; i++)
        {
            log.AcceptFailed(IPEndPoint.Parse("127.0.0.1:80"), "no descriptors");
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(2, _logger.Entries.Count);
        Assert.All(_logger.Entries, e => Assert.Equal(LogLevel.Warning, e.Level));
        Assert.Equal("No client can be accepted on 127.0.0.1:80: no descriptors (told once in 10 seconds)", _logger.Entries[0].Message);
    }

    [Fact]
    public void Without_loggers_and_writer_nothing_is_put_together()
    {
        var log = ExchangeLogs.For(factory: null);

        Assert.Same(NoExchangeLog.Instance, log);
        Assert.False(log.IsAccessEnabled);
    }

    [Fact]
    public void Ended_allocates_nothing_for_a_writer()
    {
        var log = ExchangeLogs.For(factory: null, TextWriter.Null, _time);
        var exchange = new LoggedExchange();
        for (var i = 0; i < 100; i++)
        {
            log.Ended(exchange.ToRecord());
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            log.Ended(exchange.ToRecord());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private IExchangeLog Log(TextWriter? writer = null) => ExchangeLogs.For(_logger, writer, _time);

    /// <summary>Keeps each write apart.</summary>
    private sealed class WriteCounter : StringWriter
    {
        public List<string> Writes { get; } = [];

        public override void Write(char[] buffer, int index, int count) => Writes.Add(new string(buffer, index, count));
    }
}

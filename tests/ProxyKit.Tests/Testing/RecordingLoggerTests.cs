using Microsoft.Extensions.Logging;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Testing;

public sealed partial class RecordingLoggerTests : IDisposable
{
    private readonly RecordingLoggerProvider _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Entry_keeps_text_and_values()
    {
        CameLate(_log.CreateLogger("trains"), 5, new TimeoutException());

        var entry = Assert.Single(_log.Entries);
        Assert.Equal(("trains", LogLevel.Warning, 7, "5 minutes late"), (entry.Category, entry.Level, entry.Id.Id, entry.Message));
        Assert.Equal(5, entry["Minutes"]);
        Assert.IsType<TimeoutException>(entry.Exception);
    }

    [Fact]
    public void Less_than_the_minimum_is_not_kept()
    {
        _log.MinimumLevel = LogLevel.Error;

        CameLate(_log.CreateLogger("trains"), 5, null);

        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Entry_that_comes_later_is_waited_for()
    {
        var waiting = _log.WaitForAsync(entry => entry.Message.StartsWith('6'));
        CameLate(_log.CreateLogger("trains"), 5, null);
        Assert.False(waiting.IsCompleted);

        CameLate(_log.CreateLogger("trains"), 6, null);

        Assert.Equal("6 minutes late", (await waiting.InTimeAsync()).Message);
    }

    [LoggerMessage(7, LogLevel.Warning, "{Minutes} minutes late")]
    private static partial void CameLate(ILogger logger, int minutes, Exception? exception);
}

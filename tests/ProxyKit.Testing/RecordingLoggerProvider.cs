using Microsoft.Extensions.Logging;
using Xunit;

namespace ProxyKit.Testing;

/// <summary>Keeps all that is logged. Also a factory, so that it can be handed to what wants one.</summary>
public sealed class RecordingLoggerProvider : ILoggerProvider, ILoggerFactory
{
    private readonly Lock _lock = new(); // guards _entries and _waiters
    private readonly List<LogEntry> _entries = [];
    private readonly List<(Func<LogEntry, bool> Wanted, TaskCompletionSource<LogEntry> Found)> _waiters = [];

    /// <summary>What is less serious is not kept. Everything is, by default.</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Trace;

    /// <summary>What was logged so far, the oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, categoryName);

    /// <summary>The first entry that is wanted, also one that is logged only later; fails the test when none comes.</summary>
    public async Task<LogEntry> WaitForAsync(Func<LogEntry, bool> wanted)
    {
        var found = new TaskCompletionSource<LogEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_entries.Find(entry => wanted(entry)) is { } entry)
            {
                return entry;
            }

            _waiters.Add((wanted, found));
        }

        if (await Task.WhenAny(found.Task, Task.Delay(Patience.Limit)) != found.Task)
        {
            Assert.Fail("The entry was not logged. These were:\n" + string.Join('\n', Entries.Select(e => $"{e.Level} {e.Category}: {e.Message}")));
        }

        return await found.Task;
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
        // It keeps, and passes nothing on.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The entries outlive what logged them.
    }

    internal void Add(LogEntry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (wanted, found) in _waiters)
            {
                if (wanted(entry))
                {
                    found.TrySetResult(entry);
                }
            }
        }
    }
}

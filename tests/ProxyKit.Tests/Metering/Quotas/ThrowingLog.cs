using Microsoft.Extensions.Logging;

namespace ProxyKit.Tests.Metering.Quotas;

/// <summary>A log of a user's own that throws at some entries, and has another one keep the rest.</summary>
internal sealed class ThrowingLog(ILoggerFactory inner, Func<LogLevel, bool> throws) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), throws);

    public void AddProvider(ILoggerProvider provider)
    {
        // It passes on to the one it has.
    }

    public void Dispose()
    {
        // That one belongs to the test.
    }

    private sealed class Logger(ILogger inner, Func<LogLevel, bool> throws) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (throws(logLevel))
            {
                throw new InvalidOperationException("a log that throws");
            }

            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

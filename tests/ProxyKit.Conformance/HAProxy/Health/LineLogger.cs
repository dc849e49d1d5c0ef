using Microsoft.Extensions.Logging;

namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>Hands each message on as it comes.</summary>
internal sealed class LineLogger(Action<string> take) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
        // It hands on to one.
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        take(formatter(state, exception));

    public void Dispose()
    {
        // It holds nothing.
    }
}

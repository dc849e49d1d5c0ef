using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>A user's log, for those who may not fail with it: what has been written is written, and a thread or a task of its own goes on, whether or not
/// that could be told.</summary>
/// <param name="inner">The log, which may throw what it likes.</param>
internal sealed class UnfailingLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
        catch (Exception)
        {
            return null; // entries come without it
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false; // nothing can be told to it
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nobody else to tell it to, and what it is about has happened all the same.
        }
    }
}

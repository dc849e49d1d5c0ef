using Microsoft.Extensions.Logging;

namespace ProxyKit.Tool.Messages;

/// <summary>Writes what becomes of servers, good news as bad, in the form of warnings, as HAProxy does.</summary>
/// <param name="messages">Where messages go.</param>
internal sealed class HealthLogger(MessageWriter messages) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception);
        if (logLevel >= LogLevel.Error)
        {
            messages.Alert(exception is null ? text : $"{text}: {exception}");
        }
        else
        {
            messages.Warning(text);
        }
    }
}

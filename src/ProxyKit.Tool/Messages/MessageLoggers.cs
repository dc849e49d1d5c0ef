using Microsoft.Extensions.Logging;

namespace ProxyKit.Tool.Messages;

/// <summary>Hands what the proxy logs to the message writer; access lines have a writer of their own.</summary>
/// <param name="messages">Where messages go.</param>
/// <param name="minimum">What they must be worth.</param>
internal sealed class MessageLoggers(MessageWriter messages, LogLevel minimum) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Messages go to one place.");

    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        "ProxyKit.Access" => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        "ProxyKit.Health" => new HealthLogger(messages),
        _ => this,
    };

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception}";
        switch (logLevel)
        {
            case LogLevel.Critical or LogLevel.Error:
                messages.Alert(text);
                break;
            case LogLevel.Warning:
                messages.Warning(text);
                break;
            case LogLevel.Information:
                messages.Notice(text);
                break;
            default:
                messages.Debug(text);
                break;
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}

using Microsoft.Extensions.Logging;

namespace ProxyKit.Testing;

/// <summary>One thing that was logged.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Level">How serious.</param>
/// <param name="Id">Which message.</param>
/// <param name="Message">The text with its values.</param>
/// <param name="Exception">The exception that came with it.</param>
/// <param name="Values">The named values.</param>
public sealed record LogEntry(
    string Category,
    LogLevel Level,
    EventId Id,
    string Message,
    Exception? Exception,
    IReadOnlyList<KeyValuePair<string, object?>> Values)
{
    /// <summary>A value by its name; null when there is none.</summary>
    public object? this[string name] => Values.FirstOrDefault(value => value.Key == name).Value;
}

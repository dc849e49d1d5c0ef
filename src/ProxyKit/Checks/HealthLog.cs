using Microsoft.Extensions.Logging;

namespace ProxyKit.Checks;

/// <summary>The messages about the health of servers.</summary>
internal static partial class HealthLog
{
    /// <summary>Their category.</summary>
    public const string Category = "ProxyKit.Health";

    [LoggerMessage(EventId = 40, Message = "{Line}")]
    public static partial void ServerState(this ILogger logger, LogLevel level, string line);

    [LoggerMessage(41, LogLevel.Critical, "backend '{Backend}' has no server available!")]
    public static partial void NoServerAvailable(this ILogger logger, string backend);

    [LoggerMessage(42, LogLevel.Error, "A handler of the event about changed servers failed")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(43, LogLevel.Error, "What a check found could not be told to all")]
    public static partial void TellingFailed(this ILogger logger, Exception exception);
}

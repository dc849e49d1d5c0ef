using Microsoft.Extensions.Logging;

namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>Hands messages about a configuration to a logger.</summary>
internal static partial class DiagnosticLog
{
    public static void Write(ILoggerFactory loggers, IReadOnlyList<Diagnostic> diagnostics)
    {
        var logger = loggers.CreateLogger("ProxyKit.HAProxyConfig");
        foreach (var diagnostic in diagnostics)
        {
            var level = LevelOf(diagnostic.Severity);
            Tell(logger, level, diagnostic.File, diagnostic.Line, diagnostic.Message);
        }
    }

    private static LogLevel LevelOf(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Alert => LogLevel.Error,
        DiagnosticSeverity.Warning => LogLevel.Warning,
        DiagnosticSeverity.Notice => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    [LoggerMessage(EventId = 1, Message = "{File}:{Line}: {Message}")]
    private static partial void Tell(ILogger logger, LogLevel level, string file, int line, string message);
}

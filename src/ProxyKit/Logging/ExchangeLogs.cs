using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProxyKit.Logging;

/// <summary>Chooses the log of a proxy.</summary>
internal static class ExchangeLogs
{
    /// <summary>The log over a factory's loggers, a writer for access lines, or both; one that keeps nothing where there is neither.</summary>
    /// <param name="factory">Where everything goes.</param>
    /// <param name="accessWriter">Where access lines go besides.</param>
    /// <param name="time">Where time comes from, and the time zone of the lines; null for the system's.</param>
    public static IExchangeLog For(ILoggerFactory? factory, TextWriter? accessWriter = null, TimeProvider? time = null) =>
        factory is null && accessWriter is null
            ? NoExchangeLog.Instance
            : new LoggerExchangeLog(factory ?? NullLoggerFactory.Instance, accessWriter, time ?? TimeProvider.System);
}

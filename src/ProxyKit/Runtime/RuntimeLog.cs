using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProxyKit.Runtime;

/// <summary>What is said about configurations coming into use and going out of it.</summary>
internal sealed partial class RuntimeLog(ILoggerFactory? factory)
{
    private readonly ILogger _logger = factory?.CreateLogger("ProxyKit") ?? NullLogger.Instance;

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Frontend {Frontend} listens on {Address}")]
    public partial void Listening(string frontend, EndPoint? address);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "A configuration with {Frontends} frontends and {Backends} backends is in use")]
    public partial void Applied(int frontends, int backends);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Stopping: {Connections} client connections may end within {Limit}")]
    public partial void Draining(int connections, TimeSpan limit);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "{Connections} client connections did not end in time and were broken off")]
    public partial void Killed(int connections);

    public void Refused(IReadOnlyList<string> faults)
    {
        if (_logger.IsEnabled(LogLevel.Error))
        {
            RefusedWith(string.Join("; ", faults));
        }
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "A configuration was refused and nothing changed: {Faults}")]
    private partial void RefusedWith(string faults);
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ProxyKit.Transport;

namespace ProxyKit;

/// <summary>What a proxy runs on. Everything has a usual choice.</summary>
public sealed class ProxyEnvironment
{
    /// <summary>Where the log goes. Null, the default, for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Where access lines go besides the logger: the console, say. One write a line. Null, the default, for nowhere.</summary>
    public TextWriter? AccessLog { get; init; }

    /// <summary>Makes the meter <c>ProxyKit</c>, whose instruments read the counters that <see cref="Proxy.GetStatistics"/> reads. Null, the default, for a
    /// meter that is found by its name alone.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>How connections are accepted and made. Null, the default, for the system's sockets.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>Where time comes from. Null, the default, for the system's clock.</summary>
    public TimeProvider? TimeProvider { get; init; }
}

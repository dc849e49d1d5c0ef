using Microsoft.Extensions.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Rules;

/// <summary>What rules have said about how one exchange is to go on; null where they said nothing and the configuration stands.</summary>
internal sealed class ExchangeSettings
{
    public TimeSpan? ClientTimeout { get; set; }

    public TimeSpan? ConnectTimeout { get; set; }

    public TimeSpan? QueueTimeout { get; set; }

    public TimeSpan? ServerTimeout { get; set; }

    public TimeSpan? TarpitTimeout { get; set; }

    public TimeSpan? TunnelTimeout { get; set; }

    public int? Retries { get; set; }

    /// <summary>Whether a request that was sent may not be sent again.</summary>
    public bool ForbidsReplay { get; set; }

    /// <summary>The level of the access line; <see cref="LogLevel.None"/> for no line.</summary>
    public LogLevel? LogLevel { get; set; }

    /// <summary>Lower runs first in a queue; -2047 to 2047.</summary>
    public int PriorityClass { get; set; }

    /// <summary>Milliseconds that the exchange counts as having waited less in a queue; -524287 to 524287.</summary>
    public int PriorityOffset { get; set; }

    /// <summary>Whether what a client of a TCP frontend sends is read as HTTP.</summary>
    public bool SwitchesToHttp { get; set; }

    /// <summary>How the packets to the server are marked.</summary>
    public PacketMarks ServerMarks => new(ServerMark, ServerTypeOfService);

    public uint? ServerMark { get; set; }

    public byte? ServerTypeOfService { get; set; }

    /// <summary>Whether nothing was said.</summary>
    public bool AreBlank =>
        ClientTimeout is null && ConnectTimeout is null && QueueTimeout is null && ServerTimeout is null && TarpitTimeout is null
        && TunnelTimeout is null && Retries is null && !ForbidsReplay && LogLevel is null && PriorityClass == 0 && PriorityOffset == 0 && ServerMarks == default && !SwitchesToHttp;

    /// <summary>Makes it ready for another exchange.</summary>
    public void Reset()
    {
        ClientTimeout = ConnectTimeout = QueueTimeout = ServerTimeout = TarpitTimeout = TunnelTimeout = null;
        Retries = null;
        ForbidsReplay = false;
        LogLevel = null;
        PriorityClass = PriorityOffset = 0;
        SwitchesToHttp = false;
        ServerMark = null;
        ServerTypeOfService = null;
    }
}

using System.Buffers;
using System.Net;
using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>Hands what is told to loggers, and access lines also to a writer where there is one.</summary>
internal sealed class LoggerExchangeLog(ILoggerFactory loggers, TimeProvider time) : IExchangeLog
{
    /// <summary>How long the failure to accept, which repeats ten times a second, is not told again.</summary>
    private static readonly TimeSpan AcceptFailureQuiet = TimeSpan.FromSeconds(10);

    private readonly ILogger _access = loggers.CreateLogger(ProxyKitLog.AccessCategory);
    private volatile TextWriter? _accessWriter;
    private long _acceptFailureToldAt;
    private int _writerHasFailed;

    /// <summary>Where a proxy speaks of itself; see <see cref="ProxyKitLog"/>.</summary>
    public ILogger Logger { get; } = loggers.CreateLogger(ProxyKitLog.Category);

    /// <summary>Where access lines go besides the logger; null for nowhere. May be replaced at any time.</summary>
    public TextWriter? AccessWriter
    {
        get => _accessWriter;
        set
        {
            Volatile.Write(ref _writerHasFailed, 0);
            _accessWriter = value is null ? null : TextWriter.Synchronized(value);
        }
    }

    /// <inheritdoc/>
    public bool IsAccessEnabled => _accessWriter is not null || _access.IsEnabled(LogLevel.Information);

    /// <inheritdoc/>
    public void Ended(in ExchangeRecord record)
    {
        var buffer = ArrayPool<char>.Shared.Rent(AccessLogFormat.MaxLength(record) + 1);
        try
        {
            var length = AccessLogFormat.Write(record, time.LocalTimeZone, buffer);
            if (_access.IsEnabled(LogLevel.Information))
            {
                _access.AccessLine(new string(buffer, 0, length));
            }

            if (_accessWriter is { } writer)
            {
                buffer[length] = '\n';
                WriteLine(writer, buffer, length + 1);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Refused(EndPoint? client, string frontend, string reason)
    {
        if (!Logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        if (client is null)
        {
            Logger.RefusedResponse(frontend, reason); // then it is a server's name
        }
        else
        {
            Logger.RefusedRequest(frontend, AccessLogFormat.ClientText(client), reason);
        }
    }

    /// <inheritdoc/>
    public void HandshakeFailed(EndPoint? client, string frontend, string reason)
    {
        if (Logger.IsEnabled(LogLevel.Information))
        {
            Logger.HandshakeFailed(frontend, AccessLogFormat.ClientText(client), reason);
        }
    }

    /// <inheritdoc/>
    public void AcceptFailed(EndPoint? address, string reason)
    {
        var now = time.GetTimestamp();
        var toldAt = Volatile.Read(ref _acceptFailureToldAt);
        if ((toldAt != 0 && time.GetElapsedTime(toldAt, now) < AcceptFailureQuiet)
            || Interlocked.CompareExchange(ref _acceptFailureToldAt, now, toldAt) != toldAt)
        {
            return;
        }

        Logger.AcceptFailed(address?.ToString() ?? "-", reason, (int)AcceptFailureQuiet.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Failed(Exception exception, string frontend) => Logger.ExchangeFailed(exception, frontend);

    /// <summary>One write a line, so that lines of several threads and of others who use the writer do not mix. A full disk or a closed pipe costs the
    /// line, and is told once; the exchange goes on.</summary>
    private void WriteLine(TextWriter writer, char[] buffer, int length)
    {
        try
        {
            writer.Write(buffer, 0, length);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _writerHasFailed, 1) == 0)
            {
                Logger.AccessWriterFailed(e);
            }
        }
    }
}

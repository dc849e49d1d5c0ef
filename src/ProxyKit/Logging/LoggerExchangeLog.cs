using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ProxyKit.Logging;

/// <summary>Hands what is told to loggers, and access lines also to a writer where there is one.</summary>
internal sealed class LoggerExchangeLog(ILoggerFactory loggers, TextWriter? accessWriter, TimeProvider time) : IExchangeLog
{
    /// <summary>How long the failure to accept, which repeats ten times a second, is not told again.</summary>
    private static readonly TimeSpan AcceptFailureQuiet = TimeSpan.FromSeconds(10);

    private readonly ILogger _access = loggers.CreateLogger(ProxyKitLog.AccessCategory);
    private readonly UnfailingLogger _logger = new(loggers.CreateLogger(ProxyKitLog.Category)); // who tells of a failure goes on behind it: listeners, timers, background loops
    private readonly TextWriter? _accessWriter = accessWriter is null ? null : TextWriter.Synchronized(accessWriter);
    private long _acceptFailureToldAt;
    private int _writerHasFailed;

    /// <inheritdoc/>
    public bool IsAccessEnabled => IsAccessEnabledAt(LogLevel.Information) || IsAccessEnabledAt(LogLevel.Critical); // failures may be raised so far, by rules

    /// <inheritdoc/>
    public bool IsAccessEnabledAt(LogLevel level) => _accessWriter is not null || _access.IsEnabled(level);

    /// <inheritdoc/>
    public void Ended(in ExchangeRecord record, LogLevel level = LogLevel.Information)
    {
        if (!IsAccessEnabledAt(level))
        {
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(AccessLogFormat.MaxLength(record) + 1);
        try
        {
            WriteAccess(buffer, AccessLogFormat.Write(record, time.LocalTimeZone, buffer), level);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Line(ReadOnlySpan<byte> line, LogLevel level)
    {
        if (!IsAccessEnabledAt(level))
        {
            return;
        }

        var buffer = ArrayPool<char>.Shared.Rent(line.Length + 1); // UTF-8 has at least a byte for each character
        try
        {
            WriteAccess(buffer, Encoding.UTF8.GetChars(line, buffer), level);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Refused(EndPoint? client, string frontend, string reason)
    {
        if (!_logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        if (client is null)
        {
            _logger.RefusedResponse(frontend, reason); // then it is a server's name
        }
        else
        {
            _logger.RefusedRequest(frontend, AccessLogFormat.ClientText(client), reason);
        }
    }

    /// <inheritdoc/>
    public void ProxyHeaderFailed(EndPoint? sender, string frontend, string reason)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            _logger.ProxyHeaderFailed(frontend, AccessLogFormat.ClientText(sender), reason);
        }
    }

    /// <inheritdoc/>
    public void HandshakeFailed(EndPoint? client, string frontend, string reason)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            _logger.HandshakeFailed(frontend, AccessLogFormat.ClientText(client), reason);
        }
    }

    /// <inheritdoc/>
    public void Unauthenticated(EndPoint? client, string frontend, string reason)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            _logger.Unauthenticated(frontend, AccessLogFormat.ClientText(client), reason);
        }
    }

    /// <inheritdoc/>
    public void KeysLearnt(Uri source, int count) => _logger.KeysLearnt(source, count);

    /// <inheritdoc/>
    public void KeysNotLearnt(Uri source, string reason, int known) => _logger.KeysNotLearnt(source, reason, known);

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

        _logger.AcceptFailed(address?.ToString() ?? "-", reason, (int)AcceptFailureQuiet.TotalSeconds);
    }

    /// <inheritdoc/>
    public void CircuitChanged(string circuit, string from, string to, TimeSpan breakFor)
    {
        if (breakFor > TimeSpan.Zero)
        {
            _logger.CircuitOpened(circuit, from, to, breakFor);
        }
        else
        {
            _logger.CircuitChanged(circuit, from, to);
        }
    }

    /// <inheritdoc/>
    public void Failed(Exception exception, string frontend) => _logger.ExchangeFailed(exception, frontend);

    /// <param name="buffer">The line, with room for its end.</param>
    /// <param name="length">How long the line is.</param>
    /// <param name="level">How much it matters.</param>
    private void WriteAccess(char[] buffer, int length, LogLevel level)
    {
        if (_access.IsEnabled(level))
        {
            _access.AccessLine(level, new string(buffer, 0, length));
        }

        if (_accessWriter is { } writer)
        {
            buffer[length] = '\n';
            WriteLine(writer, buffer, length + 1);
        }
    }

    /// <summary>One write a line, so that lines of several threads and of others who use the writer do not mix. A full disk or a closed
    /// pipe costs the line, and is told once; the exchange goes on.</summary>
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
                _logger.AccessWriterFailed(e);
            }
        }
    }
}

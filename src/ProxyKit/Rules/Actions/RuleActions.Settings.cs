using Microsoft.Extensions.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>What changes how one exchange goes on, and what waits.</summary>
public static partial class RuleActions
{
    private const int LongestTime = int.MaxValue; // milliseconds, what every timer can be set to

    /// <summary>Waits for the request's body, so that rules behind this one can look at it; it is sent on all the same. A client that expects it
    /// is told to send. HAProxy: <c>wait-for-body</c>.</summary>
    /// <param name="limit">How long, then 408; null for the client's own limit.</param>
    /// <param name="atLeast">How many bytes are enough; null for all of it, or as much as is held.</param>
    /// <returns>The action.</returns>
    public static RuleAction WaitForBody(TimeSpan? limit, int? atLeast = null)
    {
        if (limit is { } time)
        {
            CheckTime(time, nameof(limit));
        }

        if (atLeast is { } bytes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1, nameof(atLeast));
        }

        return new WaitForBodyAction(limit, atLeast);
    }

    /// <summary>Waits for a time. HAProxy: <c>pause</c>.</summary>
    /// <param name="time">How long; more than zero.</param>
    /// <returns>The action.</returns>
    public static RuleAction Pause(TimeSpan time)
    {
        CheckTime(time, nameof(time));
        return new PauseAction(null, time);
    }

    /// <summary>Waits for a time. HAProxy: <c>pause</c>.</summary>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0, it does not wait.</param>
    /// <returns>The action.</returns>
    public static RuleAction Pause(Expression milliseconds) => new PauseAction(NotNull(milliseconds), default);

    /// <summary>Does nothing: no request is looked at before its connection's handshakes are over. HAProxy: <c>wait-for-handshake</c>.</summary>
    public static RuleAction WaitForHandshake { get; } = new SimpleAction("wait-for-handshake", RulePhases.Request, static _ => RuleOutcome.Next);

    /// <summary>Changes a limit of time. HAProxy: <c>set-timeout</c>.</summary>
    /// <param name="timeout">Which one.</param>
    /// <param name="time">How long; more than zero.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTimeout(RuleTimeout timeout, TimeSpan time)
    {
        CheckTime(time, nameof(time));
        return SetTimeout(timeout, Number((long)time.TotalMilliseconds));
    }

    /// <summary>Changes a limit of time. HAProxy: <c>set-timeout</c>.</summary>
    /// <param name="timeout">Which one.</param>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0 or less, the limit stays.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTimeout(RuleTimeout timeout, Expression milliseconds) => new SettingAction(
        $"set-timeout {WordOf(timeout)} {RuleWords.Value(NotNull(milliseconds))}",
        RulePhases.Request | RulePhases.Response,
        NotNull(milliseconds),
        (settings, number) => Limit(settings, timeout, number),
        timeout switch
        {
            RuleTimeout.Client => SettingAction.NeedsFrontend,
            RuleTimeout.Tarpit => null,
            _ => SettingAction.NeedsBackend,
        });

    /// <summary>Changes how many further attempts follow a failed one. HAProxy: <c>set-retries</c>.</summary>
    /// <param name="count">0 to 100.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetRetries(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        return SetRetries(Number(count));
    }

    /// <summary>Changes how many further attempts follow a failed one. HAProxy: <c>set-retries</c>.</summary>
    /// <param name="count">How many; a value out of 0 to 100 changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetRetries(Expression count) => new SettingAction(
        $"set-retries {RuleWords.Value(NotNull(count))}",
        RulePhases.Content | RulePhases.Request,
        NotNull(count),
        static (settings, number) => settings.Retries = number is >= 0 and <= 100 ? (int)number : settings.Retries,
        SettingAction.NeedsBackend);

    /// <summary>Has a request that was sent not be sent again; attempts to connect are still repeated. HAProxy: <c>disable-l7-retry</c>.</summary>
    public static RuleAction DisableReplay { get; } = new SimpleAction("disable-l7-retry", RulePhases.Request, static context =>
    {
        context.Settings.ForbidsReplay = true;
        return RuleOutcome.Next;
    });

    /// <summary>Changes the level of the access line. HAProxy: <c>set-log-level</c>.</summary>
    /// <param name="level">The level; <see cref="LogLevel.None"/> for no line (<c>silent</c>).</param>
    /// <returns>The action.</returns>
    public static RuleAction SetLogLevel(LogLevel level)
    {
        var word = level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "err",
            LogLevel.Critical => "crit",
            LogLevel.None => "silent",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, "there is no such level"),
        };
        return new SimpleAction($"set-log-level {word}", RulePhases.Content | RulePhases.ResponseContent | OfHttp, context =>
        {
            context.Settings.LogLevel = level;
            return RuleOutcome.Next;
        });
    }

    /// <summary>Does nothing: there is one scheduler for all, which takes no hints. HAProxy: <c>set-nice</c>.</summary>
    /// <param name="value">The hint.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetNice(int value) => new SimpleAction(
        $"set-nice {Math.Clamp(value, -1024, 1024)}",
        RulePhases.Content | RulePhases.ResponseContent | RulePhases.Request | RulePhases.Response,
        static _ => RuleOutcome.Next);

    /// <summary>Gives the exchange a class in queues; lower ones go first. HAProxy: <c>set-priority-class</c>.</summary>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPriorityClass(Expression value) => new SettingAction(
        $"set-priority-class {RuleWords.Value(NotNull(value))}",
        RulePhases.Content | RulePhases.Request,
        NotNull(value),
        static (settings, number) => settings.PriorityClass = (int)Math.Clamp(number, -2047, 2047));

    /// <inheritdoc cref="SetPriorityClass(Expression)"/>
    public static RuleAction SetPriorityClass(int value) => SetPriorityClass(Number(value));

    /// <summary>Has the exchange count, in queues, as if it had come later by so many milliseconds, or earlier by a negative number. HAProxy:
    /// <c>set-priority-offset</c>.</summary>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPriorityOffset(Expression value) => new SettingAction(
        $"set-priority-offset {RuleWords.Value(NotNull(value))}",
        RulePhases.Content | RulePhases.Request,
        NotNull(value),
        static (settings, number) => settings.PriorityOffset = (int)Math.Clamp(number, -524_287, 524_287));

    /// <inheritdoc cref="SetPriorityOffset(Expression)"/>
    public static RuleAction SetPriorityOffset(int value) => SetPriorityOffset(Number(value));

    /// <summary>Has rules, logs and servers see another client address; the port stays. HAProxy: <c>set-src</c>.</summary>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetSource(Expression value) => new SetEndPointAction(EndPointEdit.Source, NotNull(value));

    /// <summary>Has rules, logs and servers see another port of the client. HAProxy: <c>set-src-port</c>.</summary>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetSourcePort(Expression value) => new SetEndPointAction(EndPointEdit.SourcePort, NotNull(value));

    /// <summary>Has rules and logs see another address that the client connected to; the port stays. HAProxy: <c>set-dst</c>.</summary>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetDestination(Expression value) => new SetEndPointAction(EndPointEdit.Destination, NotNull(value));

    /// <summary>Has rules and logs see another port that the client connected to. HAProxy: <c>set-dst-port</c>.</summary>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetDestinationPort(Expression value) => new SetEndPointAction(EndPointEdit.DestinationPort, NotNull(value));

    /// <summary>Marks the packets to the client, for the system's routing and filters: Linux, with the privilege to administer the network; elsewhere
    /// nothing happens. HAProxy: <c>set-fc-mark</c>, <c>set-mark</c>.</summary>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetClientMark(Expression value) => new SetPacketAction(
        "set-fc-mark", NotNull(value), static (connection, number) => connection.TrySetMark(unchecked((uint)number)));

    /// <inheritdoc cref="SetClientMark(Expression)"/>
    public static RuleAction SetClientMark(uint value) => SetClientMark(Number(value));

    /// <summary>Gives the packets to the client a type of service (IPv4) or a traffic class (IPv6). HAProxy: <c>set-fc-tos</c>, <c>set-tos</c>.</summary>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetClientTypeOfService(Expression value) => new SetPacketAction(
        "set-fc-tos", NotNull(value), static (connection, number) => connection.TrySetTypeOfService(unchecked((byte)number)));

    /// <inheritdoc cref="SetClientTypeOfService(Expression)"/>
    public static RuleAction SetClientTypeOfService(byte value) => SetClientTypeOfService(Number(value));

    /// <summary>Writes a line to the access log now, of what is known by now; the usual line still comes. HAProxy: <c>do-log</c>.</summary>
    public static RuleAction Log { get; } = new LogAction();

    private static LiteralExpression Number(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static string WordOf(RuleTimeout timeout) => Enum.GetName(timeout)?.ToLowerInvariant()
        ?? throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "there is no such limit");

    private static void CheckTime(TimeSpan time, string parameter)
    {
        if (time < TimeSpan.FromMilliseconds(1) || time > TimeSpan.FromMilliseconds(LongestTime))
        {
            throw new ArgumentOutOfRangeException(parameter, time, "null value is not valid here: 1 ms to 24.8 days are");
        }
    }

    private static void Limit(ExchangeSettings settings, RuleTimeout timeout, long milliseconds)
    {
        if (milliseconds <= 0)
        {
            return;
        }

        var time = TimeSpan.FromMilliseconds((int)Math.Min(milliseconds, LongestTime));
        switch (timeout)
        {
            case RuleTimeout.Client:
                settings.ClientTimeout = time;
                break;
            case RuleTimeout.Connect:
                settings.ConnectTimeout = time;
                break;
            case RuleTimeout.Queue:
                settings.QueueTimeout = time;
                break;
            case RuleTimeout.Server:
                settings.ServerTimeout = time;
                break;
            case RuleTimeout.Tarpit:
                settings.TarpitTimeout = time;
                break;
            default:
                settings.TunnelTimeout = time;
                break;
        }
    }
}

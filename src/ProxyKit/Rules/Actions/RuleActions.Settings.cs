using Microsoft.Extensions.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>What changes how one exchange goes on, and what waits.</summary>
public static partial class RuleActions
{
    private const int LongestTime = int.MaxValue; // milliseconds, what every timer can be set to

    /// <summary>Waits for the request's body, or in the lists about responses for that of the response, so that rules behind this one can look at
    /// it; it is sent on all the same. A client that expects it is told to send. HAProxy: <c>wait-for-body</c>.</summary>
    /// <param name="limit">How long, then 408, or 504 for a response; null for the limit of the one who sends it.</param>
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

        return new WaitForBodyAction(limit, atLeast) { Description = Call([limit, atLeast]) };
    }

    /// <summary>Waits for a time. HAProxy: <c>pause</c>.</summary>
    /// <param name="time">How long; more than zero.</param>
    /// <returns>The action.</returns>
    public static RuleAction Pause(TimeSpan time)
    {
        CheckTime(time, nameof(time));
        return new PauseAction(null, time) { Description = Call([time]) };
    }

    /// <summary>Waits for a time. HAProxy: <c>pause</c>.</summary>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0, it does not wait.</param>
    /// <returns>The action.</returns>
    public static RuleAction Pause(Expression milliseconds) =>
        new PauseAction(NotNull(milliseconds), default) { Description = Call([milliseconds]) };

    /// <summary>Does nothing: no request is looked at before its connection's handshakes are over. HAProxy: <c>wait-for-handshake</c>.</summary>
    public static RuleAction WaitForHandshake { get; } = new SimpleAction("wait-for-handshake", RulePhases.Request, static _ => RuleOutcome.Next)
    {
        Description = Call([]),
    };

    /// <summary>Changes a limit of time. HAProxy: <c>set-timeout</c>.</summary>
    /// <param name="timeout">Which one.</param>
    /// <param name="time">How long; more than zero.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTimeout(RuleTimeout timeout, TimeSpan time)
    {
        CheckTime(time, nameof(time));
        return Timeout(timeout, Number((long)time.TotalMilliseconds), time);
    }

    /// <summary>Changes a limit of time. HAProxy: <c>set-timeout</c>.</summary>
    /// <param name="timeout">Which one.</param>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0 or less, the limit stays.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTimeout(RuleTimeout timeout, Expression milliseconds) =>
        Timeout(timeout, NotNull(milliseconds), milliseconds);

    /// <summary>Changes how many further attempts follow a failed one. HAProxy: <c>set-retries</c>.</summary>
    /// <param name="count">0 to 100.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetRetries(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        return Retries(Number(count), count);
    }

    /// <summary>Changes how many further attempts follow a failed one. HAProxy: <c>set-retries</c>.</summary>
    /// <param name="count">How many; a value out of 0 to 100 changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetRetries(Expression count) => Retries(NotNull(count), count);

    /// <summary>Has a request that was sent not be sent again; attempts to connect are still repeated. HAProxy: <c>disable-l7-retry</c>.</summary>
    public static RuleAction DisableReplay { get; } = new SimpleAction("disable-l7-retry", RulePhases.Request, static context =>
    {
        context.Settings.ForbidsReplay = true;
        return RuleOutcome.Next;
    })
    {
        Description = Call([]),
    };

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
        })
        {
            Description = Call([level]),
        };
    }

    /// <summary>Does nothing: there is one scheduler for all, which takes no hints. HAProxy: <c>set-nice</c>.</summary>
    /// <param name="value">The hint.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetNice(int value) => new SimpleAction(
        $"set-nice {Math.Clamp(value, -1024, 1024)}",
        RulePhases.Content | RulePhases.ResponseContent | RulePhases.Request | RulePhases.Response,
        static _ => RuleOutcome.Next) { Description = Call([value]) };

    /// <summary>Gives the exchange a class in queues; lower ones go first. HAProxy: <c>set-priority-class</c>.</summary>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPriorityClass(Expression value) => PriorityClass(NotNull(value), value);

    /// <inheritdoc cref="SetPriorityClass(Expression)"/>
    public static RuleAction SetPriorityClass(int value) => PriorityClass(Number(value), value);

    /// <summary>Has the exchange count, in queues, as if it had come later by so many milliseconds, or earlier by a negative number. HAProxy:
    /// <c>set-priority-offset</c>.</summary>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPriorityOffset(Expression value) => PriorityOffset(NotNull(value), value);

    /// <inheritdoc cref="SetPriorityOffset(Expression)"/>
    public static RuleAction SetPriorityOffset(int value) => PriorityOffset(Number(value), value);

    /// <summary>Has rules, logs and servers see another client address; the port stays. HAProxy: <c>set-src</c>.</summary>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetSource(Expression value) =>
        new SetEndPointAction(EndPointEdit.Source, NotNull(value)) { Description = Call([value]) };

    /// <summary>Has rules, logs and servers see another port of the client. HAProxy: <c>set-src-port</c>.</summary>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetSourcePort(Expression value) =>
        new SetEndPointAction(EndPointEdit.SourcePort, NotNull(value)) { Description = Call([value]) };

    /// <summary>Has rules and logs see another address that the client connected to; the port stays. HAProxy: <c>set-dst</c>.</summary>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetDestination(Expression value) =>
        new SetEndPointAction(EndPointEdit.Destination, NotNull(value)) { Description = Call([value]) };

    /// <summary>Has rules and logs see another port that the client connected to. HAProxy: <c>set-dst-port</c>.</summary>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetDestinationPort(Expression value) =>
        new SetEndPointAction(EndPointEdit.DestinationPort, NotNull(value)) { Description = Call([value]) };

    // What is written: a number, a time, or the value itself.
    private static SetPacketAction ClientMark(Expression value, object written) => new(
        "set-fc-mark", value, static (connection, number) => connection.TrySetMark(unchecked((uint)number)))
    {
        Description = Call([written], nameof(SetClientMark)),
    };

    private static SetPacketAction ClientTypeOfService(Expression value, object written) => new(
        "set-fc-tos", value, static (connection, number) => connection.TrySetTypeOfService(unchecked((byte)number)))
    {
        Description = Call([written], nameof(SetClientTypeOfService)),
    };

    private static SettingAction Timeout(RuleTimeout timeout, Expression milliseconds, object written) => new(
        $"set-timeout {WordOf(timeout)} {RuleWords.Value(milliseconds)}",
        RulePhases.Request | RulePhases.Response,
        milliseconds,
        (settings, number) => Limit(settings, timeout, number),
        timeout switch
        {
            RuleTimeout.Client => SettingAction.NeedsFrontend,
            RuleTimeout.Tarpit => null,
            _ => SettingAction.NeedsBackend,
        })
    {
        Description = Call([timeout, written], nameof(SetTimeout)),
    };

    private static SettingAction Retries(Expression count, object written) => new(
        $"set-retries {RuleWords.Value(count)}",
        RulePhases.Content | RulePhases.Request,
        count,
        static (settings, number) => settings.Retries = number is >= 0 and <= 100 ? (int)number : settings.Retries,
        SettingAction.NeedsBackend)
    {
        Description = Call([written], nameof(SetRetries)),
    };

    private static SettingAction PriorityClass(Expression value, object written) => new(
        $"set-priority-class {RuleWords.Value(value)}",
        RulePhases.Content | RulePhases.Request,
        value,
        static (settings, number) => settings.PriorityClass = (int)Math.Clamp(number, -2047, 2047))
    {
        Description = Call([written], nameof(SetPriorityClass)),
    };

    private static SettingAction PriorityOffset(Expression value, object written) => new(
        $"set-priority-offset {RuleWords.Value(value)}",
        RulePhases.Content | RulePhases.Request,
        value,
        static (settings, number) => settings.PriorityOffset = (int)Math.Clamp(number, -524_287, 524_287))
    {
        Description = Call([written], nameof(SetPriorityOffset)),
    };

    /// <summary>Marks the packets to the client, for the system's routing and filters: Linux, with the privilege to administer the network; elsewhere
    /// nothing happens. HAProxy: <c>set-fc-mark</c>, <c>set-mark</c>.</summary>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetClientMark(Expression value) => ClientMark(NotNull(value), value);

    /// <inheritdoc cref="SetClientMark(Expression)"/>
    public static RuleAction SetClientMark(uint value) => ClientMark(Number(value), value);

    /// <summary>Gives the packets to the client a type of service (IPv4) or a traffic class (IPv6). HAProxy: <c>set-fc-tos</c>, <c>set-tos</c>.</summary>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetClientTypeOfService(Expression value) => ClientTypeOfService(NotNull(value), value);

    /// <inheritdoc cref="SetClientTypeOfService(Expression)"/>
    public static RuleAction SetClientTypeOfService(byte value) => ClientTypeOfService(Number(value), value);

    /// <summary>Marks the packets to the server, from the first of a new connection on, for the system's routing and filters: Linux, with the privilege to
    /// administer the network; elsewhere nothing happens. The connection serves only requests that are to be marked alike. HAProxy: <c>set-bc-mark</c>.</summary>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetServerMark(Expression value) => ServerMark(NotNull(value), value);

    /// <inheritdoc cref="SetServerMark(Expression)"/>
    public static RuleAction SetServerMark(uint value) => ServerMark(Number(value), value);

    /// <summary>Gives the packets to the server a type of service (IPv4) or a traffic class (IPv6), from the first of a new connection on. The connection
    /// serves only requests whose are to be alike. HAProxy: <c>set-bc-tos</c>.</summary>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetServerTypeOfService(Expression value) => ServerTypeOfService(NotNull(value), value);

    /// <inheritdoc cref="SetServerTypeOfService(Expression)"/>
    public static RuleAction SetServerTypeOfService(byte value) => ServerTypeOfService(Number(value), value);

    private static SettingAction ServerMark(Expression value, object written) => new(
        $"set-bc-mark {RuleWords.Value(value)}",
        RulePhases.Content | RulePhases.Request,
        value,
        static (settings, number) => settings.ServerMark = unchecked((uint)number))
    {
        Description = Call([written], nameof(SetServerMark)),
    };

    private static SettingAction ServerTypeOfService(Expression value, object written) => new(
        $"set-bc-tos {RuleWords.Value(value)}",
        RulePhases.Content | RulePhases.Request,
        value,
        static (settings, number) => settings.ServerTypeOfService = unchecked((byte)number))
    {
        Description = Call([written], nameof(SetServerTypeOfService)),
    };

    /// <summary>Leaves the list, and has what the client of a TCP frontend sends be read as HTTP/1 from its first byte on: the rules about contents are asked
    /// again of each request, and a backend of HTTP serves it. For frontends. HAProxy: <c>switch-mode http</c>.</summary>
    public static RuleAction SwitchToHttp { get; } = new SwitchToHttpAction { Description = Call([]) };

    /// <summary>Writes a line to the access log now, of what is known by now; the usual line still comes. In the lists of connections and
    /// sessions it is a line of the connection, in which what is asked of requests has no value. HAProxy: <c>do-log</c>.</summary>
    public static RuleAction Log { get; } = new LogAction { Description = Call([]) };

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

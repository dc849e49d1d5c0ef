using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using Microsoft.Extensions.Logging;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What changes how one exchange goes on, and what waits.</summary>
internal static class SettingActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        Verb("wait-for-body", Request | Response, "time <time> [at-least <bytes>] [use-large-buffer]", WaitForBody),
        Verb("wait-for-handshake", Request, "", static _ => RuleActions.WaitForHandshake),
        Verb("pause", Request | Response, "{<time>|<expr>}", Pause),
        Verb("set-timeout", Request | Response, "{client|connect|queue|server|tarpit|tunnel} {<time>|<expr>}", SetTimeout),
        Verb("set-retries", Content | Request, "{<n>|<expr>}", SetRetries),
        Verb("disable-l7-retry", Request, "", static _ => RuleActions.DisableReplay),
        Verb("set-log-level", Content | ResponseContent | OfHttp, "<level>", static a => RuleActions.SetLogLevel(Level(a))),
        Verb("do-log", OfTcp | ResponseContent | OfHttp, "", DoLog),
        Verb("set-fc-mark", OfTcp | Request | Response, "{<mark>|<expr>}", Mark),
        Verb("set-mark", OfTcp | Request | Response, "{<mark>|<expr>}", Mark),
        Verb("set-fc-tos", OfTcp | Request | Response, "{<tos>|<expr>}", TypeOfService),
        Verb("set-tos", OfTcp | Request | Response, "{<tos>|<expr>}", TypeOfService),
        Verb("set-bc-mark", Content | Request, "{<mark>|<expr>}", ServerMark),
        Verb("set-bc-tos", Content | Request, "{<tos>|<expr>}", ServerTypeOfService),
        Verb("set-nice", Content | ResponseContent | Request | Response, "<n>", static a => RuleActions.SetNice(a.TakeInteger("<n>", int.MinValue, int.MaxValue))),
        Verb("set-priority-class", Content | Request, "<expr>", static a => RuleActions.SetPriorityClass(a.TakeExpression())),
        Verb("set-priority-offset", Content | Request, "<expr>", static a => RuleActions.SetPriorityOffset(a.TakeExpression())),
        Verb("expect-proxy", Connection, "layer4", static a => a.Takes("layer4")
            ? RuleActions.ExpectProxyProtocol
            : throw new RuleFaultException($"only supports 'layer4' (got '{a.Peek}')")),
        Verb("expect-netscaler-cip", Connection, "layer4", static a => a.Takes("layer4")
            ? RuleActions.ExpectNetScalerHeader
            : throw new RuleFaultException($"only supports 'layer4' (got '{a.Peek}')")),
        Verb("set-src", Connection | Session | Content | Request, "<expr>", static a => RuleActions.SetSource(a.TakeExpression())),
        Verb("set-src-port", Connection | Session | Content | Request, "<expr>", static a => RuleActions.SetSourcePort(a.TakeExpression())),
        Verb("set-dst", Connection | Session | Content | Request, "<expr>", static a => RuleActions.SetDestination(a.TakeExpression())),
        Verb("set-dst-port", Connection | Session | Content | Request, "<expr>", static a => RuleActions.SetDestinationPort(a.TakeExpression())),
    ];

    private static RuleVerb Verb(string name, RuleLists lists, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, lists, arguments) { Parse = parse };

    private static RuleAction DoLog(ActionArguments a) => a.Takes("profile")
        ? throw a.Wrong("'profile' is not supported yet")
        : RuleActions.Log;

    private static RuleAction Mark(ActionArguments a) => a.TryTakeNumber(uint.MaxValue, out var mark)
        ? RuleActions.SetClientMark((uint)mark)
        : RuleActions.SetClientMark(a.TakeExpression("<mark> or <expr>"));

    private static RuleAction TypeOfService(ActionArguments a) => a.TryTakeNumber(byte.MaxValue, out var value)
        ? RuleActions.SetClientTypeOfService((byte)value)
        : RuleActions.SetClientTypeOfService(a.TakeExpression("<tos> or <expr>"));

    private static RuleAction ServerMark(ActionArguments a) => a.TryTakeNumber(uint.MaxValue, out var mark)
        ? RuleActions.SetServerMark((uint)mark)
        : RuleActions.SetServerMark(a.TakeExpression("<mark> or <expr>"));

    private static RuleAction ServerTypeOfService(ActionArguments a) => a.TryTakeNumber(byte.MaxValue, out var value)
        ? RuleActions.SetServerTypeOfService((byte)value)
        : RuleActions.SetServerTypeOfService(a.TakeExpression("<tos> or <expr>"));

    private static RuleAction WaitForBody(ActionArguments a)
    {
        TimeSpan? time = null;
        int? atLeast = null;
        while (!a.IsAtEnd)
        {
            switch (a.Take("time"))
            {
                case "time":
                    time = a.TakeTime("<time>");
                    break;
                case "at-least":
                    atLeast = a.TakeSize("<bytes>");
                    break;
                case "use-large-buffer":
                    break; // bodies are held in buffers of one kind
                case var other:
                    throw a.Wrong($"expects time <time> [ at-least <bytes> ] (got '{other}')");
            }
        }

        return time is { } limit
            ? RuleActions.WaitForBody(limit > TimeSpan.Zero ? limit : null, atLeast)
            : throw new RuleFaultException("expects time <time> [ at-least <bytes> ]");
    }

    private static RuleAction Pause(ActionArguments a)
    {
        if (!a.TryTakeTime(out var time))
        {
            return RuleActions.Pause(a.TakeExpression("<time> or <expr>"));
        }

        return time > TimeSpan.Zero ? RuleActions.Pause(time) : throw a.Wrong("null value is not valid for a 'pause' rule");
    }

    private static RuleAction SetTimeout(ActionArguments a)
    {
        var (timeout, isOfClient) = a.Take("a timeout's name") switch
        {
            "client" => (RuleTimeout.Client, true),
            "connect" => (RuleTimeout.Connect, false),
            "queue" => (RuleTimeout.Queue, false),
            "server" => (RuleTimeout.Server, false),
            "tarpit" => (RuleTimeout.Tarpit, false),
            "tunnel" => (RuleTimeout.Tunnel, false),
            var other => throw a.Wrong(
                $"expects 'client', 'connect', 'queue', 'server', 'tarpit' or 'tunnel' (got '{other}')"),
        };
        var proxy = a.Proxy;
        if (proxy.Kind != ProxyKind.Defaults && timeout != RuleTimeout.Tarpit && !(isOfClient ? proxy.HasFront : proxy.HasBack))
        {
            throw a.Wrong($"'{proxy.Name}' has no {(isOfClient ? "frontend" : "backend")} capability");
        }

        if (!a.TryTakeTime(out var time))
        {
            return RuleActions.SetTimeout(timeout, a.TakeExpression("<time> or <expr>"));
        }

        return time > TimeSpan.Zero ? RuleActions.SetTimeout(timeout, time) : throw a.Wrong("null value is not valid for a 'set-timeout' rule");
    }

    private static RuleAction SetRetries(ActionArguments a)
    {
        if (a.Proxy is { Kind: ProxyKind.Frontend, Name: var name })
        {
            throw new RuleFaultException($"'{name}' has no backend capability");
        }

        return a.Peek.Length > 0 && a.Peek.All(char.IsAsciiDigit)
            ? RuleActions.SetRetries(a.TakeInteger("<n>", 0, 100))
            : RuleActions.SetRetries(a.TakeExpression("<n> or <expr>"));
    }

    /// <summary>The levels of .NET are fewer than those of syslog.</summary>
    private static LogLevel Level(ActionArguments a) => a.Take("<level>") switch
    {
        "emerg" or "alert" or "crit" => LogLevel.Critical,
        "err" => LogLevel.Error,
        "warning" => LogLevel.Warning,
        "notice" or "info" => LogLevel.Information,
        "debug" => LogLevel.Debug,
        "silent" => LogLevel.None,
        var other => throw a.Wrong(
            $"expects 'emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug' or 'silent' (got '{other}')"),
    };
}

using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Where proxies log, and what.</summary>
internal static class LogKeywords
{
    private const string AccessLines =
        "it has access lines written, not to its target, but to the output of proxykit, or to the logger category ProxyKit.Access in a program of one's own";

    private const string NoArguments = "log : 'no log' does not expect arguments.";

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Accepted(
            "log", Section.Global, "<target> [len <n>] [format <f>] [sample <r>:<s>] [profile <p>] <facility> [<level> [<level>]]",
            AccessLines,
            GlobalLog) with { HasNegation = true },
        Keyword.Accepted(
            "log", Section.Proxies, "{global|<target>} [len <n>] [format <f>] [sample <r>:<s>] [profile <p>] [<facility>] [<level> [<level>]]",
            AccessLines,
            Log) with { HasNegation = true },
        Keyword.Accepted("log-send-hostname", Section.Global, "[<name>]", "the program's logger says who writes"),
        Keyword.Accepted("log-tag", Section.Global | Section.Proxies, "<tag>", "the program's logger says who writes") with { HasNegation = true },
        Format("log-format", static (s, text) => SetLine(s, null, text)),
        Format("error-log-format", static (s, text) =>
        {
            WarnOfEarlier(s, s.Name, s.Proxy.Settings.ErrorLogFormat is null ? null : s.Name);
            s.Proxy.Settings.ErrorLogFormat = text;
        }),
        Format("unique-id-format", static (s, text) => s.Proxy.Settings.UniqueIdFormat = text, FormatUse.UniqueId),
        Keyword.Runs("unique-id-header", Section.Defaults | Section.Front, "<name>", static s => s.Proxy.Settings.UniqueIdHeader = s[0]),
        Keyword.Runs("capture request", Section.Front, "header <name> len <length>", static s => Keep(s, "header", Capture.RequestHeader)),
        Keyword.Runs("capture response", Section.Front, "header <name> len <length>", static s => Keep(s, "header", Capture.ResponseHeader)),
        Keyword.Runs("capture cookie", Section.Front, "<name> len <length>", static s => Keep(s, null, Capture.Cookie)),
        Keyword.Runs("declare capture", Section.Front, "{request|response} len <length>", static s => Keep(
            s, s[0] == "response" ? "response" : "request", s[0] == "response" ? static (_, n) => Capture.ResponseSlot(n) : static (_, n) => Capture.RequestSlot(n))),
        Keyword.Refused("log-format-sd", Section.Proxies, note: "lines go to the program's logger, which has no place for structured data of syslog"),
        Keyword.Runs("log-steps", Section.Defaults | Section.Front, "<step>[,<step>...]", Steps),
    ];

    private static readonly (string Word, LogSteps Steps)[] StepWords =
    [
        ("accept", LogSteps.Accept), ("request", LogSteps.Request), ("connect", LogSteps.Connect), ("response", LogSteps.Response), ("close", LogSteps.Close),
        ("any", LogSteps.All), ("all", LogSteps.All),
    ];

    private static void Steps(Statement s)
    {
        var steps = LogSteps.None;
        foreach (var word in s[0].Split(','))
        {
            if (Array.Find(StepWords, w => w.Word == word) is not { Word: not null } found)
            {
                s.Alert(0, $"'{s.Name}' expects {string.Join(", ", StepWords.Select(static w => $"'{w.Word}'"))} with commas between (got '{word}').");
                return;
            }

            steps |= found.Steps;
        }

        s.Proxy.Settings.LogSteps = steps;
    }

    /// <summary>Takes what lines of the log are like: an option or a format, of which the last one counts.</summary>
    /// <param name="s">The line that says so.</param>
    /// <param name="option">The option without its keyword, as in <c>httplog clf</c>; null for a format.</param>
    /// <param name="format">The format; null for an option.</param>
    public static void SetLine(Statement s, string? option, FormatText? format)
    {
        var settings = s.Proxy.Settings;
        var earlier = settings.LogOption is var (known, _) ? $"option {known}" : settings.LogFormat is null ? null : "log-format";
        WarnOfEarlier(s, option is null ? s.Name : $"option {option}", earlier);
        settings.LogOption = option is null ? null : (option, s.Place);
        settings.LogFormat = format;
    }

    /// <summary>Tells of a line that another takes the place of, as HAProxy does in <c>defaults</c> sections alone.</summary>
    private static void WarnOfEarlier(Statement s, string name, string? earlier)
    {
        if (earlier is not null && s.Proxy.Kind == ProxyKind.Defaults)
        {
            s.Diagnostics.Warning(s.Place, $"'{name}' overrides previous '{earlier}' in 'defaults' section.");
        }
    }

    private static Keyword Format(string name, Action<Statement, FormatText> set, FormatUse use = FormatUse.Log) =>
        Keyword.Runs(name, Section.Defaults | Section.Front, "<fmt>", s =>
        {
            try
            {
                _ = Formats.Parse(s[0], s.Language, use);
                set(s, new FormatText(s[0], s.Language));
            }
            catch (RuleFaultException e)
            {
                s.Alert(0, $"failed to parse {name} : {e.Message}.");
            }
        });

    /// <summary>Reads <c>[word] [name] len n</c>.</summary>
    private static void Keep(Statement s, string? word, Func<string, int, Capture> make)
    {
        var at = word is null ? 0 : 1;
        var isSlot = word is "request" or "response";
        if ((word is not null && s[0] != word) || s[at + (isSlot ? 0 : 1)] != "len")
        {
            s.Alert(0, $"'{s.Name}' expects {s.Expected}.");
            return;
        }

        if (s.TryInteger(at + (isSlot ? 1 : 2), 1, int.MaxValue, out var length))
        {
            try
            {
                s.Proxy.Captures.Add(make(s[at], length));
            }
            catch (ArgumentException e)
            {
                s.Alert(at, $"'{s.Name}' : {e.Message.Split(" (Parameter", 2)[0]}.");
            }
        }
    }

    private static void GlobalLog(Statement s)
    {
        if (!s.IsNegated)
        {
            s.Model.Global.Logs.Add(new LogTarget(s[0], s.Place));
        }
        else if (s.Count == 0)
        {
            s.Model.Global.Logs.Clear();
        }
        else
        {
            s.Alert(0, NoArguments);
        }
    }

    private static void Log(Statement s)
    {
        var settings = s.Proxy.Settings;
        if (s.IsNegated && s.Count > 0)
        {
            s.Alert(0, NoArguments);
        }
        else if (s.IsNegated)
        {
            settings.Logs.Clear();
            settings.LogsGlobally = false;
        }
        else if (s[0] == "global")
        {
            settings.LogsGlobally = true;
        }
        else
        {
            settings.Logs.Add(new LogTarget(s[0], s.Place));
        }
    }
}

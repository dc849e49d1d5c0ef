using ProxyKit.Checks;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What proxies say about what checks do.</summary>
internal static class CheckKeywords
{
    private const Section OfBack = Section.Defaults | Section.Back;

    private const Section OfSteps = OfBack | Section.Healthcheck;

    private static readonly Keyword[] Kinds =
    [
        Option("httpchk", "[<method>] [<uri>] [<version>] [<host>]", HttpCheck),
        Option("tcp-check", "", static s => SetKind(s, HealthCheckKind.Script)),
        Option("ssl-hello-chk", "", static s => SetKind(s, HealthCheckKind.TlsHello)),
        Option("smtpchk", "[{HELO|EHLO}] [<domain>]", SmtpCheck),
        Option("mysql-check", "[user] [<user>] [{post-41|pre-41}]", MySqlCheck),
        Option("pgsql-check", "[user] [<user>]", PostgreSqlCheck),
        Option("redis-check", "", static s => SetKind(s, HealthCheckKind.Redis)),
        Option("ldap-check", "", static s => SetKind(s, HealthCheckKind.Ldap)),
        Option("spop-check", "", static s => SetKind(s, HealthCheckKind.Spop)),
    ];

    public static IEnumerable<Keyword> All =>
    [
        .. Kinds,
        Option("external-check", "", static s => SetKind(s, HealthCheckKind.External)),
        Keyword.Runs("option log-health-checks", OfBack, "", static s => Draft(s).LogsChecks = !s.IsNegated) with { HasNegation = true },
        Keyword.Runs("external-check command", OfBack, "<command>", static s => Draft(s).Command = s[0]),
        Keyword.Runs("external-check path", OfBack, "<path>", static s => Draft(s).CommandPath = s[0]),
        Keyword.Runs("http-check disable-on-404", OfSteps, "", static s => Draft(s).DisableOn404 = true),
        Keyword.Runs("http-check send-state", OfSteps, "", static s => Draft(s).SendState = true),
        Keyword.Runs("http-check comment", OfSteps, "<comment>", static s => Draft(s).Begin(isHttp: true)),
        Keyword.Runs("tcp-check comment", OfSteps, "<comment>", static s => Draft(s).Begin(isHttp: false)),
        Keyword.Runs("http-check connect", OfSteps, "[<param> ...]", InOrder("connect", static s => CheckStepWords.ReadConnect(s, isHttp: true))),
        Keyword.Runs("tcp-check connect", OfSteps, "[<param> ...]", static s => CheckStepWords.ReadConnect(s, isHttp: false)),
        Keyword.Runs("http-check send", OfSteps, "<param> ...", InOrder("send", CheckStepWords.ReadRequest)),
        Keyword.Runs("http-check expect", OfSteps, "<param> ...", InOrder("expect", static s => CheckExpectWords.Read(s, isHttp: true))),
        Keyword.Runs("tcp-check expect", OfSteps, "<param> ...", static s => CheckExpectWords.Read(s, isHttp: false)),
        Keyword.Runs("tcp-check send", OfSteps, "<data> [comment] [<comment>]", static s => CheckStepWords.ReadSend(s, CheckData.Text)),
        Keyword.Runs("tcp-check send-lf", OfSteps, "<fmt> [comment] [<comment>]", static s => CheckStepWords.ReadSend(s, CheckData.Format)),
        Keyword.Runs("tcp-check send-binary", OfSteps, "<hex> [comment] [<comment>]", static s => CheckStepWords.ReadSend(s, CheckData.Hex)),
        Keyword.Runs("tcp-check send-binary-lf", OfSteps, "<fmt> [comment] [<comment>]", static s => CheckStepWords.ReadSend(s, CheckData.HexFormat)),
        .. CheckVariableWords.Keywords(OfSteps),
        Keyword.Runs("type", Section.Healthcheck, "<type> [<param> ...]", ReadType),
    ];

    private static CheckDraft Draft(Statement s) => s.Check;

    private static Keyword Option(string name, string arguments, Action<Statement> run) =>
        Keyword.Runs($"option {name}", OfBack, arguments, run);

    /// <summary>Reads a step of a check by HTTP where it may be the next one.</summary>
    private static Action<Statement> InOrder(string kind, Action<Statement> read) => s =>
    {
        if (Draft(s).FaultOfNext(kind) is { } fault)
        {
            s.Alert($"'{s.Name}' : {fault}.");
        }
        else
        {
            read(s);
        }
    };

    /// <summary>Reads the kind of check of a section: what <c>option</c> has in proxies.</summary>
    private static void ReadType(Statement s)
    {
        if (Array.Find(Kinds, k => k.Name == $"option {s[0]}") is not { } kind)
        {
            s.TryChoice<Keyword?>(0, out _, [.. Kinds.Select(static k => (k.Name["option ".Length..], (Keyword?)null))]);
            return;
        }

        var option = s.As(kind, 1);
        if (option.Count > kind.MostArguments)
        {
            option.Alert(kind.MostArguments, $"'type {s[0]}' cannot handle unexpected argument '{option[kind.MostArguments]}'.");
            return;
        }

        kind.Run!(option); // they all run
    }

    /// <summary>The last option names the kind.</summary>
    private static void SetKind(Statement s, HealthCheckKind kind) => Draft(s).Kind = kind;

    private static void HttpCheck(Statement s)
    {
        SetKind(s, HealthCheckKind.Http);
        var words = new HttpSendWords
        {
            Method = s.Count > 1 ? s[0] : null,
            Target = s.Count > 1 ? s[1] : s.Count > 0 ? s[0] : null,
            Version = s.Count > 2 ? s[2] : null,
        };
        if (words.Version?.IndexOf("\r\n", StringComparison.Ordinal) is { } end and >= 0)
        {
            words.Body = ReadHeaders(words.Version[(end + 2)..], words.Headers); // as versions before 2.2 had them
            words.Version = words.Version[..end];
        }

        if (s[3].Length > 0 && CheckFormat.TryRead(s, 3, out var format, FormatUse.Header))
        {
            HttpSendWords.Add("Host", format, words.Headers, words.HeaderFormats);
        }

        if (words.Version is not (null or "HTTP/1.0" or "HTTP/1.1"))
        {
            s.Alert(2, $"'{s.Name}' : version '{words.Version}' is not supported: checks speak HTTP/1.0 and HTTP/1.1.");
        }

        Draft(s).SetRequest(words);
    }

    private static string? ReadHeaders(string text, List<KeyValuePair<string, string>> headers)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? "" : text[(end + 2)..];
            if (line.Length == 0)
            {
                return text.Length > 0 ? text : null;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(colon < 0 ? new(line, "") : new(line[..colon], line[(colon + 1)..].Trim()));
        }

        return null;
    }

    private static void SmtpCheck(Statement s)
    {
        SetKind(s, HealthCheckKind.Smtp);
        Draft(s).Greeting = s.Count == 2 && s[0] is "HELO" or "EHLO" ? $"{s[0]} {s[1]}" : null; // as HAProxy: else the usual one
    }

    private static void MySqlCheck(Statement s)
    {
        SetKind(s, HealthCheckKind.MySql);
        (Draft(s).User, Draft(s).UsesOldLogin) = (null, false);
        if (s.Count > 0 && s[0] != "user")
        {
            s.Alert(0, $"'{s.Name}' only supports optional values: 'user' (got '{s[0]}').");
        }
        else if (s.Count == 1)
        {
            s.Alert(0, $"'{s.Name} user' expects <username> as argument.");
        }
        else if (s.Count > 1)
        {
            Draft(s).User = s[1];
            if (s.Count > 2 && s.TryChoice(2, out var isOld, ("post-41", false), ("pre-41", true)))
            {
                Draft(s).UsesOldLogin = isOld;
            }
        }
    }

    private static void PostgreSqlCheck(Statement s)
    {
        SetKind(s, HealthCheckKind.PostgreSql);
        if (s.Count < 2 || s[0] != "user")
        {
            s.Alert($"'{s.Name}' expects 'user <username>' as argument.");
        }
        else
        {
            Draft(s).User = s[1];
        }
    }
}

using ProxyKit.Rules;

namespace ProxyKit.Checks;

/// <summary>Makes what checks do from what was written about it.</summary>
internal static class ProbeFactory
{
    /// <summary>Makes it.</summary>
    /// <param name="options">What was written.</param>
    /// <param name="backend">The backend's name.</param>
    /// <param name="compiler">Finds what the values in it name; null where it is only looked at, and never run.</param>
    /// <exception cref="FormatException">A list or digits are none.</exception>
    /// <exception cref="ArgumentException">An expression is none.</exception>
    /// <exception cref="RuleFaultException">A value names something that is not there, or cannot be asked by a check.</exception>
    public static ServerProbe Make(HealthCheckOptions options, string backend, RuleCompiler? compiler) => options.Kind switch
    {
        HealthCheckKind.Http => new ScriptProbe(HttpSteps(options, compiler), isTcpCheck: false),
        HealthCheckKind.Script => new ScriptProbe(Connected([.. options.Steps.Select((s, i) => Make(s, i + 1, options, isHead: false, compiler))]), isTcpCheck: true),
        HealthCheckKind.TlsHello => Known(TlsHello.Steps),
        HealthCheckKind.Smtp => Known(ProtocolSteps.Smtp(options.Greeting)),
        HealthCheckKind.MySql => Known(ProtocolSteps.MySql(options.User, options.UsesOldLogin)),
        HealthCheckKind.PostgreSql => Known(ProtocolSteps.PostgreSql(options.User ?? "")),
        HealthCheckKind.Redis => Known(ProtocolSteps.Redis),
        HealthCheckKind.Ldap => Known(ProtocolSteps.Ldap),
        HealthCheckKind.Spop => Known(SpopHello.Steps),
        HealthCheckKind.External => new ExternalProbe(
            options.Command ?? "",
            options.CommandPath,
            backend,
            compiler?.Frontends.GetValueOrDefault(backend) is { OwnBackend: not null } own ? own.Address : null),
        HealthCheckKind.Custom when options.Custom is { } custom => new CustomProbe(custom),
        _ => Known([]),
    };

    /// <summary>What asking an agent is.</summary>
    public static ServerProbe Agent(AgentCheckOptions options) => Known(options.Send is { Length: > 0 } text
        ? [new SendingStep(System.Text.Encoding.UTF8.GetBytes(text)), new AgentLineStep()]
        : [new AgentLineStep()]);

    private static ScriptProbe Known(ScriptStep[] steps) => new(Connected(steps), isTcpCheck: false);

    /// <summary>A connection comes first, whether somebody wrote it or not.</summary>
    private static ScriptStep[] Connected(ScriptStep[] steps) =>
        Array.Find(steps, static s => s is not VariableStep) is ConnectingStep ? steps : [new ConnectingStep(null), .. steps];

    /// <summary>A request that nothing is expected of expects what is usual.</summary>
    private static ScriptStep[] HttpSteps(HealthCheckOptions options, RuleCompiler? compiler)
    {
        List<CheckStep> written = options.SendsRequest && !options.Steps.Any(static s => s is HttpSendStep)
            ? [.. options.Steps.TakeWhile(IsBeforeRequest), new HttpSendStep(), .. options.Steps.SkipWhile(IsBeforeRequest)]
            : [.. options.Steps];
        var steps = new List<ScriptStep>();
        var isHead = false;
        for (var i = 0; i < written.Count; i++)
        {
            isHead = written[i] is HttpSendStep send ? send.Method == "HEAD" : isHead;
            steps.Add(Make(written[i], i + 1, options, isHead, compiler));
            if (written[i] is HttpSendStep && written.Skip(i + 1).FirstOrDefault(static s => !IsAboutVariable(s)) is not HttpExpectStep)
            {
                steps.Add(Make(new HttpExpectStep { Kind = HttpExpectation.Status, Pattern = "200-399" }, 0, options, isHead, compiler));
            }
        }

        return Connected([.. steps]);
    }

    private static bool IsBeforeRequest(CheckStep step) => step is ConnectStep || IsAboutVariable(step);

    private static bool IsAboutVariable(CheckStep step) => step is SetVariableStep or UnsetVariableStep;

    private static ScriptStep Make(CheckStep step, int number, HealthCheckOptions options, bool isHead, RuleCompiler? compiler) => step switch
    {
        SetVariableStep or UnsetVariableStep => new VariableStep(compiler is null ? null : VariableStep.ActionOf(step).Compile(compiler)) { Number = number, Comment = step.Comment },
        ConnectStep connect => new ConnectingStep(connect, CheckValue.Of(connect.PortValue, compiler))
        {
            Number = number,
            Comment = step.Comment,
        },
        SendStep send => new SendingStep(send.Bytes, CheckValue.Of(send.Format, compiler), send.IsHexadecimal) { Number = number, Comment = step.Comment },
        ExpectStep expect => new ExpectingStep(expect, compiler) { Number = number },
        HttpSendStep send => new HttpSendingStep(send, options.SendState, compiler) { Number = number, Comment = step.Comment },
        HttpExpectStep expect => new HttpExpectingStep(expect, options.DisableOn404, isHead, compiler) { Number = number, Comment = step.Comment },
        _ => throw new ArgumentException($"{step.GetType().Name} is no step that can be run.", nameof(step)),
    };
}

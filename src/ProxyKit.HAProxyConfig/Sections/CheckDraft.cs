using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a proxy says about what checks of its servers do.</summary>
internal sealed class CheckDraft
{
    private List<CheckStep> _tcpSteps = [];
    private List<CheckStep> _httpSteps = [];
    private bool _inheritsTcp, _inheritsHttp;

    /// <summary>The kind that the last <c>option</c> about it names.</summary>
    public HealthCheckKind Kind { get; set; }

    /// <summary>The request of <c>option httpchk</c>.</summary>
    public HttpSendStep Request { get; set; } = new();

    /// <summary>What is said of requests by <c>http-check send</c>, line by line: where a word is missing, that of <see cref="Request"/> counts for the
    /// first of them.</summary>
    public HttpSendWords? FirstSend { get; set; }

    public bool DisableOn404 { get; set; }

    public bool SendState { get; set; }

    public string? User { get; set; }

    public bool UsesOldLogin { get; set; }

    public string? Greeting { get; set; }

    public string? Command { get; set; }

    public string? CommandPath { get; set; }

    public bool LogsChecks { get; set; }

    public IReadOnlyList<CheckStep> TcpSteps => _tcpSteps;

    public IReadOnlyList<CheckStep> HttpSteps => _httpSteps;

    /// <summary>Adds a step. The first one of a section's own takes the place of all that it inherits.</summary>
    public void Add(CheckStep step, bool isHttp)
    {
        ref var steps = ref isHttp ? ref _httpSteps : ref _tcpSteps;
        ref var inherits = ref isHttp ? ref _inheritsHttp : ref _inheritsTcp;
        if (inherits)
        {
            steps = [];
            inherits = false;
            FirstSend = isHttp ? null : FirstSend;
        }

        steps.Add(step);
    }

    /// <summary>The steps so far of a section's own.</summary>
    public IReadOnlyList<CheckStep> Own(bool isHttp) => isHttp ? (_inheritsHttp ? [] : _httpSteps) : _inheritsTcp ? [] : _tcpSteps;

    /// <summary>Makes the options of it.</summary>
    public HealthCheckOptions ToOptions()
    {
        var options = new HealthCheckOptions
        {
            Kind = Kind,
            DisableOn404 = DisableOn404,
            SendState = SendState,
            User = User,
            UsesOldLogin = UsesOldLogin,
            Command = Command,
            CommandPath = CommandPath,
        };
        if (Greeting is not null)
        {
            options.Greeting = Greeting;
        }

        foreach (var step in Kind == HealthCheckKind.Http ? WithRequest() : Kind == HealthCheckKind.Script ? _tcpSteps : [])
        {
            options.Steps.Add(step);
        }

        return options;
    }

    public CheckDraft Copy()
    {
        var copy = (CheckDraft)MemberwiseClone();
        copy._tcpSteps = [.. _tcpSteps];
        copy._httpSteps = [.. _httpSteps];
        copy._inheritsHttp = copy._inheritsTcp = true;
        return copy;
    }

    /// <summary>Whether a step may stand before the first request.</summary>
    public static bool IsBeforeRequest(CheckStep step) => step is ConnectStep or SetVariableStep or UnsetVariableStep;

    /// <summary>The request of the option is the first, unless a line says more of it.</summary>
    private IEnumerable<CheckStep> WithRequest()
    {
        var isSent = false;
        foreach (var step in _httpSteps)
        {
            if (!isSent && !IsBeforeRequest(step))
            {
                isSent = true;
                if (step is HttpSendStep)
                {
                    yield return FirstSend?.Over(Request) ?? step;
                    continue;
                }

                yield return Request;
            }

            yield return step;
        }

        if (!isSent)
        {
            yield return Request;
        }
    }
}

using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a proxy says about what checks of its servers do.</summary>
internal sealed class CheckDraft
{
    private List<CheckStep> _tcpSteps = [];
    private List<CheckStep> _httpSteps = [];
    private HttpSendWords? _request; // the first one, by the option and the first line about one; null where neither is there
    private bool _inheritsTcp, _inheritsHttp;
    private bool _hasOption; // whether the section itself has said "option httpchk"

    /// <summary>The kind that the last <c>option</c> about it names.</summary>
    public HealthCheckKind Kind { get; set; }

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

    /// <summary>Whether the first request has a line of its own.</summary>
    private bool HasFirstSend => _httpSteps.Find(static s => !IsBeforeRequest(s)) is HttpSendStep;

    /// <summary>Adds a step. The first one of a section's own takes the place of all that it inherits.</summary>
    public void Add(CheckStep step, bool isHttp)
    {
        Begin(isHttp);
        (isHttp ? _httpSteps : _tcpSteps).Add(step);
    }

    /// <summary>What a step of a check by HTTP would have to stand behind; null where it may be the next one. As in HAProxy, nobody looks before the section has
    /// said <c>option httpchk</c>, which is the first request where no line says more of it.</summary>
    /// <param name="kind">What the step is: <c>connect</c>, <c>send</c> or <c>expect</c>.</param>
    public string? FaultOfNext(string kind)
    {
        var own = Own(isHttp: true);
        var last = own.LastOrDefault(static step => step is not (SetVariableStep or UnsetVariableStep));
        var missing = !_hasOption || Kind != HealthCheckKind.Http ? null : (kind, last) switch
        {
            ("send", not (null or ConnectStep)) => "connect",
            ("expect", ConnectStep) => "send",
            ("connect", ConnectStep or HttpSendStep) => "expect",
            _ => null,
        };
        return missing is null ? null : FormattableString.Invariant($"unable to add http-check {kind} rule at step {own.Count + 1} (missing {missing} rule)");
    }

    /// <summary>Leaves behind what is inherited, as each line of a section's own about steps does. With it goes the request of an inherited
    /// <c>option httpchk</c>: as in HAProxy, nothing is sent then but what the lines say.</summary>
    public void Begin(bool isHttp)
    {
        if (isHttp && _inheritsHttp)
        {
            (_httpSteps, _request, _inheritsHttp) = ([], null, false);
        }
        else if (!isHttp && _inheritsTcp)
        {
            (_tcpSteps, _inheritsTcp) = ([], false);
        }
    }

    /// <summary>Adds a request. Of the first one that says more which <c>option httpchk</c> has begun.</summary>
    public void AddRequest(HttpSendWords words)
    {
        Begin(isHttp: true);
        if (_httpSteps.TrueForAll(IsBeforeRequest))
        {
            words = _request = words.Over(_request);
        }

        _httpSteps.Add(words.ToStep());
    }

    /// <summary>Takes the request of <c>option httpchk</c>, which leaves behind all that is inherited, and counts before a line of the section about the
    /// first request that stands above it.</summary>
    public void SetRequest(HttpSendWords words)
    {
        Begin(isHttp: true);
        _hasOption = true;
        _request = HasFirstSend ? words.Over(_request) : words;
    }

    /// <summary>Whether a check by HTTP asks for something.</summary>
    public bool SendsRequest => _request is not null || _httpSteps.Exists(static s => s is HttpSendStep);

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

        options.SendsRequest = Kind != HealthCheckKind.Http || SendsRequest;
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
        copy._hasOption = false;
        return copy;
    }

    /// <summary>Whether a step may stand before the first request.</summary>
    public static bool IsBeforeRequest(CheckStep step) => step is ConnectStep or SetVariableStep or UnsetVariableStep;

    /// <summary>The request of the option is the first, unless a line says more of it.</summary>
    private IEnumerable<CheckStep> WithRequest()
    {
        var request = _request?.ToStep();
        foreach (var step in _httpSteps)
        {
            if (request is null || IsBeforeRequest(step))
            {
                yield return step;
                continue;
            }

            yield return request;
            request = null;
            if (step is not HttpSendStep)
            {
                yield return step;
            }
        }

        if (request is not null)
        {
            yield return request;
        }
    }
}

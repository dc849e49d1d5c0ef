using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.Replies;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a proxy can inherit. Null stands for what was never said.</summary>
internal sealed class ProxySettings
{
    private Dictionary<string, (TimeSpan Time, Place Place)> _timeouts = new(StringComparer.Ordinal);
    private List<LogTarget> _logs = [];
    private List<(ErrorPageOptions, Place)> _errorPages = [];
    private List<ErrorSectionUse> _errorSections = [];

    /// <summary>TCP, as in HAProxy, where nothing is said.</summary>
    public ProxyMode Mode { get; set; } = ProxyMode.Tcp;

    public int? MaxConnections { get; set; }

    public int? MaxSessionRate { get; set; }

    public int? FullConnections { get; set; }

    public int? Backlog { get; set; }

    public Balance? Balance { get; set; }

    /// <summary>HAProxy: <c>hash-type</c>.</summary>
    public HashType? HashType { get; set; }

    /// <summary>HAProxy: <c>hash-balance-factor</c>; 0 for none.</summary>
    public int? HashBalanceFactor { get; set; }

    public HashAffinity? HashAffinity { get; set; }

    public int? Retries { get; set; }

    public RetryCauses? RetryOn { get; set; }

    public int[] RetryOnStatuses { get; set; } = [];

    public bool? Redispatch { get; set; }

    /// <summary>The argument of <c>option redispatch</c>.</summary>
    public int? RedispatchInterval { get; set; }

    public bool? PersistsWhenDown { get; set; }

    public bool? ChecksCache { get; set; }

    public (StickyCookieOptions Options, Place Place)? Cookie { get; set; }

    public string? DynamicCookieKey { get; set; }

    public (string Name, Place Place)? RdpCookie { get; set; }

    public bool? AbortOnClose { get; set; }

    public bool? UseAllBackups { get; set; }

    public ConnectionReuse? Reuse { get; set; }

    /// <summary>The last of the options about it; null for none, which is to keep connections.</summary>
    public ConnectionMode? ConnectionMode { get; set; }

    public AddressFieldOptions? ForwardedFor { get; set; }

    public AddressFieldOptions? OriginalTo { get; set; }

    public ForwardedOptions? Forwarded { get; set; }

    /// <summary>HAProxy: <c>http-send-name-header</c>.</summary>
    public string? ServerNameHeader { get; set; }

    /// <summary>What it says of messages, and of how connections begin and end.</summary>
    public ConnectionSettings Connections { get; private set; } = new();

    /// <summary>Whether connections on which nothing came are left out of the log. HAProxy: <c>option dontlognull</c>.</summary>
    public bool? DontLogNull { get; set; }

    /// <summary>Whether requests go where their clients wanted to go. HAProxy: <c>option transparent</c>.</summary>
    public bool IsTransparent { get; set; }

    /// <summary>HAProxy: <c>option dontlog-normal</c>.</summary>
    public bool LogsFailuresOnly { get; set; }

    /// <summary>HAProxy: <c>option log-separate-errors</c>.</summary>
    public bool RaisesFailures { get; set; }

    /// <summary>HAProxy: <c>option logasap</c>.</summary>
    public bool LogsEarly { get; set; }

    /// <summary>HAProxy: <c>log-steps</c>.</summary>
    public LogSteps? LogSteps { get; set; }

    /// <summary>Which lines are written: <c>httplog</c>, <c>tcplog</c>, <c>httpslog</c>, with <c>clf</c> behind it or not.</summary>
    public (string Format, Place Place)? LogOption { get; set; }

    public FormatText? LogFormat { get; set; }

    public FormatText? ErrorLogFormat { get; set; }

    /// <summary>HAProxy: <c>monitor-uri</c>.</summary>
    public string? MonitorTarget { get; set; }

    public FormatText? UniqueIdFormat { get; set; }

    public string? UniqueIdHeader { get; set; }

    public (string Name, Place Place)? DefaultBackend { get; set; }

    /// <summary>Who is told by mail of its servers; null where no line is about it.</summary>
    public EmailAlertSettings? EmailAlert { get; set; }

    /// <summary>What checks of its servers do.</summary>
    public CheckDraft Check { get; private set; } = new();

    /// <summary>What <c>default-server</c> lines say together.</summary>
    public ServerSettings DefaultServer { get; private set; } = new();

    /// <summary>Its number among the proxies. Not inherited: no <c>defaults</c> has one.</summary>
    public int? Id { get; set; }

    /// <summary>Whether the proxy is not to be started. Not inherited.</summary>
    public bool IsDisabled { get; set; }

    public Dictionary<string, (TimeSpan Time, Place Place)> Timeouts => _timeouts;

    public List<LogTarget> Logs => _logs;

    /// <summary>Error pages, of which the later one counts.</summary>
    public List<(ErrorPageOptions Page, Place Place)> ErrorPages => _errorPages;

    /// <summary>Where each keyword was said last.</summary>
    public Dictionary<string, Place> Places { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>The sections that some of these come from.</summary>
    public List<ErrorSectionUse> ErrorSections => _errorSections;

    /// <summary>Whether <c>log global</c> was said.</summary>
    public bool LogsGlobally { get; set; }

    /// <summary>A timeout; null where there is none, which 0 means too.</summary>
    public TimeSpan? Timeout(string name) =>
        _timeouts.TryGetValue(name, out var found) && found.Time > TimeSpan.Zero ? found.Time : null;

    public ProxySettings Copy()
    {
        var copy = (ProxySettings)MemberwiseClone();
        copy._timeouts = new(_timeouts, StringComparer.Ordinal);
        copy._logs = [.. _logs];
        copy._errorPages = [.. _errorPages];
        copy.Places = new(Places, StringComparer.Ordinal);
        copy._errorSections = [.. _errorSections];
        copy.Connections = Connections.Copy();
        copy.DefaultServer = DefaultServer.Copy();
        copy.Check = Check.Copy();
        copy.IsDisabled = false;
        return copy;
    }
}

namespace ProxyKit.Tool.CommandLines;

/// <summary>What a command line says.</summary>
internal sealed class CommandLine
{
    public Purpose Purpose { get; set; }

    /// <summary>The files and directories of the configuration, in their order. HAProxy: <c>-f</c>, <c>--</c>.</summary>
    public List<string> Files { get; } = [];

    /// <summary>HAProxy: <c>-cc</c>.</summary>
    public string Condition { get; set; } = "";

    /// <summary>What is to be explained; null where nothing is.</summary>
    public ExplainWords? Explain { get; set; }

    /// <summary>What is to be said of what clients have used; null where nothing is.</summary>
    public UsageWords? Usage { get; set; }

    /// <summary>Where to go before anything is read; null to stay. HAProxy: <c>-C</c>.</summary>
    public string? Directory { get; set; }

    /// <summary>HAProxy: <c>-L</c>.</summary>
    public string? LocalPeer { get; set; }

    /// <summary>HAProxy: <c>-p</c>.</summary>
    public string? PidFile { get; set; }

    /// <summary>Takes the place of <c>global maxconn</c>. HAProxy: <c>-n</c>.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>What <c>maxconn</c> is in frontends that say nothing. HAProxy: <c>-N</c>.</summary>
    public int? ProxyMaxConnections { get; set; }

    /// <summary>HAProxy: <c>-d</c>.</summary>
    public bool IsDebug { get; set; }

    /// <summary>HAProxy: <c>-V</c>.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>Whether nothing is to be said. HAProxy: <c>-q</c>, which <c>-V</c> undoes.</summary>
    public bool IsQuiet
    {
        get => field && !IsVerbose;
        set;
    }

    /// <summary>HAProxy: <c>-W</c>, <c>-Ws</c>.</summary>
    public bool IsMasterWorker { get; set; }

    /// <summary>Whether a service manager is told when the proxy is ready, reloads and stops. HAProxy: <c>-Ws</c>.</summary>
    public bool NotifiesServiceManager { get; set; }

    /// <summary>HAProxy: <c>-dW</c>.</summary>
    public bool RefusesWarnings { get; set; }

    /// <summary>HAProxy: <c>-dD</c>.</summary>
    public bool ShowsDiagnostics { get; set; }

    /// <summary>HAProxy: off with <c>-dV</c>.</summary>
    public bool VerifiesServers { get; set; } = true;

    /// <summary>Whether a server whose name nobody knows is an error. HAProxy: off with <c>-dr</c>.</summary>
    public bool ResolvesNames { get; set; } = true;

    /// <summary>Whether another process may listen on the same addresses. HAProxy: off with <c>-dR</c>.</summary>
    public bool SharesAddresses { get; set; } = true;

    /// <summary>The processes to send away once this one listens. HAProxy: <c>-sf</c>, <c>-st</c>.</summary>
    public List<int> OldProcesses { get; } = [];

    /// <summary>Whether they are to stop at once, not when their work is done. HAProxy: <c>-st</c>.</summary>
    public bool TerminatesOldProcesses { get; set; }

    /// <summary>What there is to say about flags that mean nothing here; told when the proxy is run.</summary>
    public List<string> Notices { get; } = [];
}

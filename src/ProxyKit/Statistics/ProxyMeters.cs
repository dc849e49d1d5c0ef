using System.Diagnostics.Metrics;

namespace ProxyKit.Statistics;

/// <summary>The counters as instruments of a .NET meter: the same ones, read when somebody collects. Nothing is done for them per request.</summary>
internal sealed partial class ProxyMeters : IDisposable
{
    /// <summary>The name to ask for, with OpenTelemetry's <c>AddMeter</c> for one.</summary>
    public const string MeterName = "ProxyKit";

    private readonly Meter _meter;
    private volatile IStatisticsSource? _source;

    /// <param name="factory">Whose meter it is to be; null for none in particular.</param>
    public ProxyMeters(IMeterFactory? factory)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        AddProcess();
        AddFrontend();
        AddListener();
        AddBackend();
        AddServer();
        AddCircuit();
    }

    /// <summary>What is read; null before the proxy is started, and once it has stopped: then there is nothing to tell.</summary>
    public IStatisticsSource? Source
    {
        get => _source;
        set => _source = value;
    }

    public void Dispose()
    {
        _source = null; // a factory's meter goes on
        _meter.Dispose();
    }

    private void AddProcess() =>
        new MeterGroup<ProcessStatistics>(_meter, "proxykit.process.", () => Source is { } source ? [source.Process] : [], static _ => [])
            .Time("uptime", "How long ago the proxy was started.", static p => p.Uptime)
            .Gauge("stopping", "{process}", "1 while it accepts no more, else 0.", static p => p.IsStopping ? 1 : 0)
            .Gauge("listeners", "{listener}", "Addresses that it listens on.", static p => p.Listeners)
            .Gauge("active_connections", "{connection}", "Client connections now.", static p => p.CurrentConnections)
            .Gauge("max_connections", "{connection}", "The most there were at once.", static p => p.MaxConnections)
            .Gauge("connection_limit", "{connection}", "How many there may be.", static p => p.ConnectionLimit)
            .Counter("connections", "{connection}", "Connections that were accepted.", static p => p.Connections)
            .Gauge("connection_rate", "{connection}/s", "Connections of the last second.", static p => p.ConnectionRate)
            .Gauge("max_connection_rate", "{connection}/s", "The most connections in one second.", static p => p.MaxConnectionRate)
            .Gauge("session_rate", "{session}/s", "Sessions of the last second.", static p => p.SessionRate)
            .Gauge("max_session_rate", "{session}/s", "The most sessions in one second.", static p => p.MaxSessionRate)
            .Counter("requests", "{request}", "Requests that came.", static p => p.Requests)
            .Gauge("active_tls_connections", "{connection}", "Client connections over TLS now.", static p => p.CurrentTlsConnections)
            .Counter("tls_connections", "{connection}", "TLS handshakes that went well.", static p => p.TlsConnections)
            .Gauge("tls_rate", "{connection}/s", "TLS handshakes of the last second.", static p => p.TlsRate)
            .Gauge("max_tls_rate", "{connection}/s", "The most TLS handshakes in one second.", static p => p.MaxTlsRate);

    private void AddFrontend() => AddIncoming(
        new MeterGroup<FrontendStatistics>(_meter, "proxykit.frontend.", () => Source?.Frontends ?? [], static f => [new("proxy", f.Name)])
            .Counter("connections", "{connection}", "Connections that were accepted.", static f => f.Connections)
            .Counter("requests", "{request}", "Requests that came.", static f => f.Requests)
            .Responses(static f => f.Responses)
            .Counter("intercepted_requests", "{request}", "Requests that rules answered in the place of a backend.", static f => f.Intercepted)
            .Gauge("session_rate", "{session}/s", "Sessions of the last second.", static f => f.SessionRate)
            .Gauge("max_session_rate", "{session}/s", "The most sessions in one second.", static f => f.MaxSessionRate)
            .Gauge("session_rate_limit", "{session}/s", "How many sessions may begin in a second.", static f => f.SessionRateLimit)
            .Gauge("connection_rate", "{connection}/s", "Connections of the last second.", static f => f.ConnectionRate)
            .Gauge("max_connection_rate", "{connection}/s", "The most connections in one second.", static f => f.MaxConnectionRate)
            .Gauge("request_rate", "{request}/s", "Requests of the last second.", static f => f.RequestRate)
            .Gauge("max_request_rate", "{request}/s", "The most requests in one second.", static f => f.MaxRequestRate));

    private void AddListener() => AddIncoming(
        new MeterGroup<ListenerStatistics>(_meter, "proxykit.listener.", () => Source?.Listeners ?? [], static l => [new("proxy", l.Frontend), new("listener", l.Name)])
            .Counter("connections", "{connection}", "Connections that were accepted.", static l => l.Connections));

    private static void AddIncoming<T>(MeterGroup<T> group)
        where T : IncomingStatistics => AddTraffic(group)
            .Gauge("active_sessions", "{session}", "Connections, or requests, that are there now.", static t => t.CurrentSessions)
            .Gauge("session_limit", "{session}", "How many there may be at once.", static t => t.SessionLimit)
            .Counter("sessions", "{session}", "Connections, or requests, that came.", static t => t.Sessions)
            .Counter("denied_requests", "{request}", "Requests that rules refused.", static t => t.DeniedRequests)
            .Counter("request_errors", "{error}", "Requests that could not be read, broke off or took too long.", static t => t.RequestErrors)
            .Counter("denied_connections", "{connection}", "Connections that rules refused.", static t => t.DeniedConnections)
            .Counter("denied_sessions", "{session}", "Sessions that rules refused.", static t => t.DeniedSessions);

    private static MeterGroup<T> AddTraffic<T>(MeterGroup<T> group)
        where T : TrafficStatistics => group
            .Gauge("max_sessions", "{session}", "The most that were there at once.", static t => t.MaxSessions)
            .Counter("bytes_in", "By", "Bytes that clients sent.", static t => t.BytesIn)
            .Counter("bytes_out", "By", "Bytes that clients were sent.", static t => t.BytesOut)
            .Counter("denied_responses", "{response}", "Responses that rules refused.", static t => t.DeniedResponses)
            .Counter("failed_rewrites", "{error}", "Changes of a message that a rule could not make.", static t => t.FailedRewrites)
            .Counter("internal_errors", "{error}", "What failed within the proxy, or in code of its user.", static t => t.InternalErrors);

    private void AddCircuit() =>
        new MeterGroup<CircuitStatistics>(_meter, "proxykit.circuit.", () => Source?.Circuits ?? [], static c => [new("proxy", c.Backend), new("circuit", c.Name)])
            .Gauge("state", "{state}", "0 closed, 1 open, 2 half-open, 3 kept open by hand.", static c => c.State)
            .Counter("opens", "{change}", "How often it has opened.", static c => c.Opened)
            .Counter("rejected", "{request}", "Requests that it has turned away.", static c => c.Rejected)
            .Counter("trials", "{call}", "Calls that it has tried while half-open.", static c => c.Tried);
}

using System.Net;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Runtime;

/// <summary>Turns validated options into what the data path reads. Opens nothing and changes nothing that runs: what it makes anew is only put to
/// use when the whole configuration is.</summary>
internal sealed class SnapshotBuilder(DataPath path, ProxyState state)
{
    public ProxyState State { get; } = state.Next();

    public Dictionary<string, Backend> BuildBackends(ProxyOptions options) =>
        options.Backends.ToDictionary(static b => b.Name, BuildBackend, StringComparer.Ordinal);

    public FrontendPolicy BuildPolicy(FrontendOptions options, Dictionary<string, Backend> backends) => new()
    {
        Name = options.Name,
        Mode = options.Mode,
        Routes = options.Routes.Count == 0 ? null : new RouteTable([.. options.Routes.Select(static r => r.Condition)]),
        Targets = [.. options.Routes.Select(r => backends[r.Backend])],
        DefaultBackend = options.DefaultBackend is { } name ? backends[name] : null,
        ClientTimeout = options.ClientTimeout,
        ClientFinTimeout = options.ClientFinTimeout,
        RequestHeadTimeout = options.RequestHeadTimeout,
        KeepAliveTimeout = options.KeepAliveTimeout,
        HandshakeTimeout = options.HandshakeTimeout,
        ForwardedHeaders = options.ForwardedHeaders,
        ConnectionMode = options.ConnectionMode,
        AccessLog = options.AccessLog,
        Connections = State.ConnectionsOf(options.Name),
    };

    public BoundPolicy BuildBound(BindOptions bind, FrontendPolicy policy) =>
        new(policy, bind.Tls is { } tls ? new TlsServerContext(tls, path.Pool) : null);

    private Backend BuildBackend(BackendOptions options) =>
        new(options, [.. options.Servers.Select(server => BuildServer(options.Name, server))]);

    private Server BuildServer(string backendName, ServerOptions options)
    {
        if (!NetworkAddress.TryParseServer(options.Address, out var endPoint, out var fault))
        {
            throw new InvalidOperationException(fault); // validated: cannot be
        }

        IPEndPoint? source = null;
        if (options.Source is { } text && !NetworkAddress.TryParseSource(text, out source))
        {
            throw new InvalidOperationException(text); // validated: cannot be
        }

        var tls = options.Tls is null ? null : new TlsClientContext(options.Tls, path.Pool);
        return new Server(backendName, options, endPoint, source, tls, State.ServerOf(backendName, options, path.Time));
    }
}

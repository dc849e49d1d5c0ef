using System.Globalization;
using System.Net;
using ProxyKit.Authentication;
using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with the frontends of a configuration: with each, and between them and the backends they name.</summary>
internal sealed class FrontendOptionsValidator(Dictionary<string, BackendOptions> backends)
{
    private const ForwardedHeaders AllForwardedHeaders =
        ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.Forwarded;

    private readonly Dictionary<string, string> _takenAddresses = new(StringComparer.Ordinal);

    public void Validate(FrontendOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckDefined(nameof(options.Mode), options.Mode);
        path.CheckDefined(nameof(options.ConnectionMode), options.ConnectionMode);
        if ((options.ForwardedHeaders & ~AllForwardedHeaders) != 0)
        {
            path.Add(nameof(options.ForwardedHeaders), $"{options.ForwardedHeaders} has a flag that does not exist");
        }

        path.CheckDefined(nameof(options.OddHeaderNames), options.OddHeaderNames);
        HttpOptionsValidator.Validate(options, path);
        TcpKeepAliveValidator.Validate(options.TcpKeepAlive, path.In(nameof(options.TcpKeepAlive)));
        AddressFieldValidator.Validate(nameof(options.ForwardedFor), options.ForwardedFor, options.Mode, path);
        AddressFieldValidator.Validate(nameof(options.OriginalTo), options.OriginalTo, options.Mode, path);
        path.CheckRange(nameof(options.MaxConnections), options.MaxConnections, 1, int.MaxValue);
        path.CheckRange(nameof(options.MaxPrivateConnections), options.MaxPrivateConnections, 0, int.MaxValue);
        path.CheckRange(nameof(options.MaxSessionRate), options.MaxSessionRate, 1, int.MaxValue - 1);
        if (options.MonitorTarget is not null && (options.Mode != ProxyMode.Http || options.MonitorTarget.Length == 0))
        {
            path.Add(nameof(options.MonitorTarget), options.MonitorTarget.Length == 0 ? "is empty; null answers nobody" : "is for HTTP only");
        }

        path.CheckLimit(nameof(options.ClientTimeout), options.ClientTimeout);
        path.CheckLimit(nameof(options.RequestHeadTimeout), options.RequestHeadTimeout);
        path.CheckLimit(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout);
        path.CheckLimit(nameof(options.HandshakeTimeout), options.HandshakeTimeout);
        path.CheckLimit(nameof(options.ClientFinTimeout), options.ClientFinTimeout);
        path.CheckLimit(nameof(options.TarpitTimeout), options.TarpitTimeout);
        RuleOptionsValidator.Validate(options.Rules, isFrontend: true, options.Mode, path);
        AuthenticationOptionsValidator.Validate(options.Authentication, options.Mode, path.In(nameof(options.Authentication)));
        ValidateBinds(options, path);
        if (options.Authentication.Schemes.Any(static s => s is CertificateOptions) && !options.Binds.Any(AsksForCertificates))
        {
            path.In(nameof(options.Authentication)).Add("clients are to be known by certificates, and no bind of the frontend asks for one");
        }

        ValidateTargets(options, path);
        LogOptionsValidator.Validate(options, path);
    }

    private void ValidateBinds(FrontendOptions options, FaultPath path)
    {
        if (options.Binds.Count == 0)
        {
            path.Add(nameof(options.Binds), "there is none, so no client could arrive");
        }

        foreach (var (bind, position) in path.Elements(nameof(options.Binds), options.Binds))
        {
            var name = bind.Name ?? position.ToString(CultureInfo.InvariantCulture);
            var place = path.In("bind", name, position);
            place.CheckName(name);
            place.CheckRange(nameof(bind.Backlog), bind.Backlog, 1, int.MaxValue);
            place.CheckInterface(nameof(bind.Interface), bind.Interface);
            place.CheckDefined(nameof(bind.SavedPacket), bind.SavedPacket);
            place.CheckRange(nameof(bind.MaxConnections), bind.MaxConnections, 1, int.MaxValue);
            ValidateAddress(bind, place);
            BindOwnerValidator.Validate(bind, place);
            ValidateSenders(bind, place);
            if (bind.Tls is { } tls)
            {
                ValidateTls(tls, place.In(nameof(bind.Tls)));
            }
        }
    }

    /// <summary>An address may be bound once. Addresses that overlap only, as <c>*:80</c> and <c>127.0.0.1:80</c>, are the system's to judge.</summary>
    private void ValidateAddress(BindOptions options, FaultPath path)
    {
        if (!NetworkAddress.TryParseListen(options.Address ?? "", out var listen, out var fault))
        {
            path.Add(nameof(options.Address), fault);
            return;
        }

        if (listen.EndPoint is IPEndPoint { Port: 0 })
        {
            return; // each gets a port of its own
        }

        var key = listen.EndPoint?.ToString() ?? $"fd@{listen.InheritedDescriptor}";
        var place = path.Path[..^" > ".Length];
        if (!_takenAddresses.TryAdd(key, place))
        {
            path.Add(nameof(options.Address), $"'{options.Address}' is taken already, by {_takenAddresses[key]}");
        }
    }

    private static void ValidateSenders(BindOptions options, FaultPath path)
    {
        if (options.NetScalerMagic is < 1 or > uint.MaxValue)
        {
            path.Add(nameof(options.NetScalerMagic), $"{options.NetScalerMagic} is out of range (1-{uint.MaxValue})");
        }

        if (options.TrustedSenders.Count > 0 && !options.AcceptsProxyProtocol && options.NetScalerMagic is null)
        {
            path.Add(nameof(options.TrustedSenders), "needs AcceptsProxyProtocol");
        }

        foreach (var (network, position) in path.Elements(nameof(options.TrustedSenders), options.TrustedSenders))
        {
            try
            {
                AddressRanges.Parse([network], nameof(options.TrustedSenders));
            }
            catch (ArgumentException)
            {
                path.Add(nameof(options.TrustedSenders), $"{FaultPath.Quote(network)} ({position}) is neither a network nor an address");
            }
        }
    }

    private static bool AsksForCertificates(BindOptions bind) =>
        bind.Tls is { } tls && (tls.ClientCertificates is not null || tls.Certificates.Any(static c => c?.ClientCertificates is not null));

    private static void ValidateTls(BindTlsOptions options, FaultPath path)
    {
        if (options.ApplicationProtocols?.Any(static name => name is null) == true)
        {
            path.Add(nameof(options.ApplicationProtocols), "one of them is null");
        }
        else if (TlsServerContext.Check(options) is { } fault)
        {
            path.Add(fault);
        }
    }

    private void ValidateTargets(FrontendOptions options, FaultPath path)
    {
        if (options.DefaultBackend is { } name)
        {
            ValidateTarget(nameof(options.DefaultBackend), name, options, path);
        }

        foreach (var (route, position) in path.Elements(nameof(options.Routes), options.Routes))
        {
            var place = path.In("route", null, position);
            if (route.Condition is null)
            {
                place.Add(nameof(route.Condition), "is null");
            }

            if (route.Name is null)
            {
                ValidateTarget(nameof(route.Backend), route.Backend ?? "", options, place);
            }
        }
    }

    private void ValidateTarget(string property, string name, FrontendOptions options, FaultPath path)
    {
        if (!backends.TryGetValue(name, out var backend))
        {
            var nearest = NearestName.Of(name, backends.Keys);
            path.Add(
                property,
                $"there is no backend {FaultPath.Quote(name)}{(nearest is null ? "" : $"; did you mean {FaultPath.Quote(nearest)}?")}");
        }
        else if (!backend.IsDisabled && backend.Mode != options.Mode && !(backend.Mode == ProxyMode.Http && options.Rules.Content.Any(static r => r?.Action is SwitchToHttpAction)))
        {
            path.Add(property, $"backend {FaultPath.Quote(name)} is in {Show(backend.Mode)} mode, the frontend in {Show(options.Mode)} mode");
        }
    }

    private static string Show(ProxyMode mode) => mode == ProxyMode.Tcp ? "TCP" : "HTTP";
}

using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes a frontend of a <c>frontend</c> or <c>listen</c> section.</summary>
internal sealed class FrontendMapper(ConfigModel model, DiagnosticList diagnostics)
{
    private readonly Dictionary<string, Place> _taken = new(StringComparer.Ordinal);

    /// <summary>Whether a proxy writes lines: it has somebody to write to.</summary>
    public static bool Logs(ProxySection proxy, ConfigModel model) =>
        proxy.Settings.Logs.Count > 0 || (proxy.Settings.LogsGlobally && model.Global.Logs.Count > 0);

    public FrontendOptions Map(ProxySection proxy)
    {
        var settings = proxy.Settings;
        var mapped = new FrontendOptions
        {
            Name = proxy.Name,
            Mode = settings.Mode,
            DefaultBackend = settings.DefaultBackend?.Name ?? (proxy.Servers.Count > 0 ? proxy.Name : null),
            MaxConnections = settings.MaxConnections,
            MaxSessionRate = settings.MaxSessionRate,
            ClientTimeout = settings.Timeout("client"),
            ClientFinTimeout = settings.Timeout("client-fin"),
            RequestHeadTimeout = settings.Timeout("http-request"),
            KeepAliveTimeout = settings.Timeout("http-keep-alive"),
            TarpitTimeout = settings.Timeout("tarpit") ?? (proxy.HasBack ? settings.Timeout("connect") : null),
            HandshakeTimeout = settings.Timeout("client-hs"),
            ForwardedFor = proxy.IsHttp ? settings.ForwardedFor : null,
            OriginalTo = proxy.IsHttp ? settings.OriginalTo : null,
            ConnectionMode = settings.ConnectionMode ?? ConnectionMode.KeepAlive,
            AccessLog = Logs(proxy, model),
            LogsFailuresOnly = settings.LogsFailuresOnly,
            RaisesFailures = settings.RaisesFailures,
            LogsEarly = settings.LogsEarly,
            LogSteps = settings.LogSteps,
            EmptyConnections = !Logs(proxy, model) ? default
                : settings.DontLogNull == true ? EmptyConnectionLines.None
                : EmptyConnectionLines.All,
            LogFormat = settings.LogFormat?.Text ?? FormatOf(proxy),
            ErrorLogFormat = settings.ErrorLogFormat?.Text,
            MonitorTarget = proxy.IsHttp ? settings.MonitorTarget : null,
            UniqueIdFormat = settings.UniqueIdFormat?.Text,
            FormatLanguage = LanguageOf(proxy),
            UniqueIdHeader = settings.UniqueIdHeader,
            Tiers = proxy.Tiers?.Name,
            TiersUnless = proxy.Tiers?.Unless,
            UsagePath = proxy.UsagePath,
            IsMetered = proxy.IsMetered,
        };
        if (proxy.Authentication is { } use)
        {
            model.Authentications.Find(a => a.Name == use.Name)?.Apply(use, mapped.Authentication);
        }

        foreach (var meter in proxy.Meters)
        {
            mapped.Meters.Add(meter);
        }

        ConnectionMapper.Map(proxy, mapped);
        foreach (var capture in proxy.Captures)
        {
            mapped.Captures.Add(capture);
        }

        foreach (var failure in proxy.MonitorFailures)
        {
            mapped.MonitorFailures.Add(failure);
        }

        foreach (var rule in proxy.UseBackends.Where(u => u.Name is not null || model.FindBackend(u.Backend) is not { Settings.IsDisabled: true }))
        {
            mapped.Routes.Add(new RouteOptions(rule.Condition ?? Match.Always, rule.Name is null ? rule.Backend : "")
            {
                Name = rule.Name,
                Origin = rule.Place.ToString(),
            });
        }

        foreach (var bind in proxy.Binds)
        {
            Map(proxy, bind, mapped.Binds);
        }

        foreach (var (page, _) in settings.ErrorPages)
        {
            mapped.ErrorPages.Add(page);
        }

        RuleMapper.MapFront(proxy, model, mapped);
        return mapped;
    }

    /// <summary>What the words of its formats mean. It is the same for all of them, unless they stand in files of several directories and these count.</summary>
    private RuleLanguage? LanguageOf(ProxySection proxy)
    {
        FormatText?[] formats = [proxy.Settings.LogFormat, proxy.Settings.ErrorLogFormat, proxy.Settings.UniqueIdFormat];
        var languages = formats.Where(static f => f is { MayNameFiles: true }).Select(static f => f!.Language).Distinct().ToArray(); // not null: just asked
        if (languages.Length > 1)
        {
            diagnostics.Alert(
                proxy.Place, $"{proxy}: its formats stand in files of several directories, and 'default-path' has each look for files of its own: have them in one file.");
        }

        return languages.Length > 0 ? languages[0] : Array.Find(formats, static f => f is not null)?.Language;
    }

    /// <summary>The format of an option; null for the one that the mode has anyway.</summary>
    private static string? FormatOf(ProxySection proxy) => (proxy.Settings.LogOption?.Format, proxy.IsHttp) switch
    {
        ("httpslog", true) => AccessLogFormats.Https,
        ("httplog clf", true) => AccessLogFormats.Clf,
        ("tcplog", true) => AccessLogFormats.Tcp,
        ("tcplog clf", _) => AccessLogFormats.TcpClf,
        _ => null,
    };

    private void Map(ProxySection proxy, BindSection bind, IList<BindOptions> mapped)
    {
        var tls = bind.IsSecure ? new BindTlsMapper(model, diagnostics).Map(proxy, bind) : null;
        var unix = model.Global.Unix;
        foreach (var written in bind.Addresses)
        {
            var isUnix = written.Text.StartsWith(UnixSocketSettings.Scheme, StringComparison.Ordinal);
            var address = isUnix && unix.Prefix is { } prefix
                ? written with { Text = $"{UnixSocketSettings.Scheme}{prefix}{written.Text[UnixSocketSettings.Scheme.Length..]}" }
                : written;
            if (!_taken.TryAdd(address.Text, bind.Place) && !address.Text.EndsWith(":0", StringComparison.Ordinal))
            {
                diagnostics.Alert(
                    bind.Place, $"{proxy}: '{address.Text}' is taken already, at {_taken[address.Text]}: several listeners on one address are not supported.");
            }

            mapped.Add(new BindOptions
            {
                Address = address.Text,
                Name = bind.Name,
                Id = bind.Id,
                // What listen(2) is told: the first that is set of the address's and the frontend's.
                Backlog = bind.Backlog ?? proxy.Settings.Backlog ?? bind.MaxConnections ?? proxy.Settings.MaxConnections,
                MaxConnections = bind.MaxConnections,
                Interface = bind.Interface,
                AcceptsProxyProtocol = bind.AcceptsProxyProtocol,
                NetScalerMagic = bind.NetScalerMagic,
                SavedPacket = bind.SavedPacket,
                IsTransparent = bind.IsTransparent && !isUnix,
                SocketMode = isUnix && (bind.Unix.Mode ?? unix.Mode) is { } permissions and not UnixFileMode.None ? permissions : null,
                SocketUser = isUnix ? bind.Unix.User ?? unix.User : null,
                SocketGroup = isUnix ? bind.Unix.Group ?? unix.Group : null,
                IPv6Only = address.IsIPv6 && bind.TakesIPv4 != true,
                Tls = tls,
            });
        }
    }
}

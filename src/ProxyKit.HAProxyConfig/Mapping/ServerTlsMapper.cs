using System.Security.Authentication;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;
using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes the TLS options of a server.</summary>
internal sealed class ServerTlsMapper(ConfigModel model, DiagnosticList diagnostics)
{
    public ServerTlsOptions Map(ProxySection proxy, ServerSection server)
    {
        var settings = server.Settings;
        var common = settings.Tls.Over(model.Global.ServerTls);
        var (minimum, maximum) = common.Versions(diagnostics, server.Place, $"'server {server.Name}' in {proxy}");
        var tls = new ServerTlsOptions
        {
            Verify = settings.Verifies ?? model.Global.VerifiesServers,
            CaPath = settings.Authority?.Path is { } path && path != "@system-ca" ? path : null,
            CrlPath = settings.RevocationPath,
            CertificatePath = settings.CertificatePath,
            HostName = settings.ServerName ?? settings.VerifiedName,
            MinimumProtocol = minimum ?? SslProtocols.Tls12,
            MaximumProtocol = maximum,
            Ciphers = common.Ciphers,
            CipherSuites = common.CipherSuites,
            ResumesSessions = common.ResumesSessions ?? true,
            AllowsRenegotiation = settings.AllowsRenegotiation ?? true,
            ApplicationProtocols = settings.Protocols,
        };
        if (tls.Verify && settings.Authority is null)
        {
            diagnostics.Alert(
                server.Place,
                $"'server {server.Name}' in {proxy} : verify is enabled by default but no CA file specified. If you're running on a LAN where you're certain to "
                + "trust the server's certificate, please set an explicit 'verify none' statement on the 'server' line, or use "
                + "'ssl-server-verify none' in the global section to disable server-side verifications by default.");
        }

        WarnOfName(proxy, server, tls);
        return tls;
    }

    /// <summary>What gives the name that clients' requests ask the server for; null where it is always the same. In HTTP mode that is the request's Host
    /// unless something else is said.</summary>
    public static Expression? RequestedName(ProxySection proxy, ServerSettings settings) => settings.ServerNameExpression
        ?? (proxy.IsHttp && settings is { ServerName: null, HasNoAutomaticName: not true } ? Value.Parse("req.hdr(host),host_only") : null);

    /// <summary>A name is always verified together with the chain here: where HAProxy would do otherwise, that is said.</summary>
    private void WarnOfName(ProxySection proxy, ServerSection server, ServerTlsOptions tls)
    {
        if (tls is not { HostName: null, Verify: true })
        {
            return;
        }

        if (RequestedName(proxy, server.Settings) is not null)
        {
            if (server.Settings.Health is { IsChecked: true, HostName: null })
            {
                diagnostics.Warning(
                    server.Place,
                    $"'server {server.Name}' in {proxy} : to its checks its certificate must be for '{server.Address.Host}'; HAProxy would take any name. "
                    + "Say which name it is with 'check-sni <name>' or 'verifyhost <name>'.");
            }
        }
        else
        {
            diagnostics.Warning(
                server.Place,
                $"'server {server.Name}' in {proxy} : its certificate must be for '{server.Address.Host}'; HAProxy would take any name. "
                + "Say which name it is with 'verifyhost <name>'.");
        }
    }
}

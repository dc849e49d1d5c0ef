using System.Security.Authentication;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
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

    /// <summary>The name is one for all connections here, and always verified together with the chain: where HAProxy would do otherwise,
    /// that is said.</summary>
    private void WarnOfName(ProxySection proxy, ServerSection server, ServerTlsOptions tls)
    {
        if (tls.HostName is not null)
        {
            return;
        }

        var settings = server.Settings;
        if (proxy.IsHttp && settings.HasNoAutomaticName != true)
        {
            diagnostics.Warning(
                server.Place,
                $"'server {server.Name}' in {proxy} : the name of the request's Host is not sent as SNI yet, but '{server.Address.Host}' is. "
                + "Say which name it is with 'sni str(<name>)'.");
        }
        else if (tls.Verify)
        {
            diagnostics.Warning(
                server.Place,
                $"'server {server.Name}' in {proxy} : its certificate must be for '{server.Address.Host}'; HAProxy would take any name. "
                + "Say which name it is with 'verifyhost <name>'.");
        }
    }
}

using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes the TLS options of a bind.</summary>
internal sealed class BindTlsMapper(ConfigModel model, DiagnosticList diagnostics)
{
    public BindTlsOptions Map(ProxySection proxy, BindSection bind)
    {
        foreach (var (certificate, clients) in bind.OwnClients)
        {
            var settings = clients.Over(bind.Clients);
            certificate.ClientCertificates = Clients(proxy, clients.Over(bind.Clients), bind.Place);
            certificate.AsksForNoCertificate = settings.Verification == ClientVerification.None && bind.Clients.Verification is not null;
        }

        // One file, as most have it, is said in the plain way.
        var isPlain = bind.Certificates is [{ IsDefault: false, Names.Count: 0, MinimumProtocol: null, ApplicationProtocols: null, ClientCertificates: null, AsksForNoCertificate: false }, ..];
        var tls = new BindTlsOptions
        {
            CertificatePath = isPlain ? bind.Certificates[0].Path : null,
            RefusesUnknownNames = bind.IsStrict,
            ClientCertificates = Clients(proxy, bind.Clients, bind.Place),
            // Where nothing is said, clients of a TCP frontend are told of no protocol: it speaks none.
            ApplicationProtocols = bind.Protocols ?? (proxy.Settings.Mode == ProxyMode.Tcp ? [] : null),
        };
        if ((bind.MinimumProtocol ?? model.Global.MinimumBindProtocol) is { } minimum)
        {
            tls.MinimumProtocol = minimum;
        }

        foreach (var certificate in bind.Certificates.Skip(isPlain ? 1 : 0))
        {
            tls.Certificates.Add(certificate);
        }

        return tls;
    }

    private ClientCertificateOptions? Clients(ProxySection proxy, ClientCertificateSettings settings, Place place)
    {
        var options = settings.ToOptions();
        if (options is not null && !settings.HasAuthorities)
        {
            diagnostics.AlertLater(place, $"{proxy}: clients are asked for certificates ('verify'), and no 'ca-file' says whom these may come from.");
            return null;
        }

        return options;
    }
}

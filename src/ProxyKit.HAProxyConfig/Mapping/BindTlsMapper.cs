using System.Security.Authentication;
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
            var own = clients.Over(bind.Clients);
            certificate.ClientCertificates = Clients(proxy, own, bind.Place);
            certificate.AsksForNoCertificate = own.Verification == ClientVerification.None && bind.Clients.Verification is not null;
        }

        // One file, as most have it, is said in the plain way.
        var isPlain = bind.Certificates is [{ IsDefault: false, Names.Count: 0, ApplicationProtocols: null, ClientCertificates: null, AsksForNoCertificate: false } only, ..]
            && only is { KeyPath: null, StaplesOcsp: null, MinimumProtocol: null, MaximumProtocol: null, Ciphers: null, CipherSuites: null };
        var settings = bind.Tls.Over(model.Global.BindTls);
        var (minimum, maximum) = settings.Versions(diagnostics, bind.Place, $"{proxy}: 'bind'");
        var tls = new BindTlsOptions
        {
            CertificatePath = isPlain ? bind.Certificates[0].Path : null,
            IssuersPath = model.Global.IssuersDirectory,
            StaplesOcsp = model.Global is { StaplesOcsp: true, StaplesNoOcsp: false },
            RefusesUnknownNames = settings.IsStrict == true,
            ClientCertificates = Clients(proxy, bind.Clients, bind.Place),
            // Where nothing is said, clients of a TCP frontend are told of no protocol: it speaks none.
            ApplicationProtocols = bind.Protocols ?? (proxy.Settings.Mode == ProxyMode.Tcp ? [] : null),
            MinimumProtocol = minimum ?? SslProtocols.Tls12,
            MaximumProtocol = maximum,
            Ciphers = settings.Ciphers,
            CipherSuites = settings.CipherSuites,
            PrefersClientCiphers = settings.PrefersClientCiphers,
            ResumesSessions = settings.ResumesSessions ?? true,
            CapturedHelloBytes = model.Global.CapturedHelloBytes,
        };
        foreach (var certificate in bind.Certificates.Skip(isPlain ? 1 : 0))
        {
            certificate.StaplesOcsp = model.Global.StaplesNoOcsp ? null : certificate.StaplesOcsp;
            tls.Certificates.Add(certificate);
        }

        return tls;
    }

    private ClientCertificateOptions? Clients(ProxySection proxy, ClientCertificateSettings settings, Place place)
    {
        var options = settings.ToOptions();
        if (options is not null && !settings.HasAuthorities)
        {
            diagnostics.Alert(place, $"{proxy}: clients are asked for certificates ('verify'), and no 'ca-file' says whom these may come from.");
            return null;
        }

        return options;
    }
}

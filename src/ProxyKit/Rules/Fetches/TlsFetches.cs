using System.Security.Authentication;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>What the TLS of the client's connection agreed on. There is no sample on a clear connection, save for those that say so.</summary>
internal static class TlsFetches
{
    private delegate bool TlsFact(RuleContext context, TlsConnection tls, ref Sample sample);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("ssl_fc", SampleType.Boolean, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Session.IsSecure)),
        Fetch.Of("ssl_bc", SampleType.Boolean, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Server?.Tls is not null)),
        Of("ssl_fc_sni", SampleType.String, static (RuleContext context, TlsConnection tls, ref Sample sample) =>
            tls.ServerName is { } name && Fetch.SetText(context, ref sample, name)),
        Fetch.Of("ssl_fc_has_sni", SampleType.Boolean, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Session.Tls?.ServerName is not null)),
        Of("ssl_fc_protocol", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            sample.SetString(NameOf(tls.Protocol))),
        Of("ssl_fc_cipher", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            CipherNames.Of(tls.CipherSuite).Name is { IsEmpty: false } name && sample.SetString(name.Span)),
        Of("ssl_fc_alpn", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            tls.ApplicationProtocol.Protocol is { IsEmpty: false } name && sample.SetString(name.Span)),
        Of("ssl_fc_npn", SampleType.String, static (RuleContext _, TlsConnection _, ref Sample _) => false), // nobody speaks it any more
        Of("ssl_fc_alg_keysize", SampleType.Integer, KeySize),
        Of("ssl_fc_use_keysize", SampleType.Integer, KeySize),

        Fetch.Of("ssl_fc_is_resumed", SampleType.Boolean, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Session.Tls?.IsResumed == true)),
        Of("ssl_fc_crtname", SampleType.String, static (RuleContext context, TlsConnection tls, ref Sample sample) =>
            tls.CertificateName is { } name && Fetch.SetText(context, ref sample, name)),

        // Of errors the library speaks in exceptions: connections that can be asked have had none.
        Of("ssl_fc_err", SampleType.Integer, static (RuleContext _, TlsConnection _, ref Sample sample) => sample.Set(0)),

        Of("ssl_fc_err_str", SampleType.String, static (RuleContext _, TlsConnection _, ref Sample _) => false),

        Of("ssl_fc_has_crt", SampleType.Boolean, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            sample.Set(tls is { ClientCertificate: not null, IsResumed: false })),
        Of("ssl_c_used", SampleType.Boolean, static (RuleContext _, TlsConnection tls, ref Sample sample) => sample.Set(tls.ClientCertificate is not null)),
        Of("ssl_c_verify", SampleType.Integer, static (RuleContext _, TlsConnection tls, ref Sample sample) => sample.Set(tls.ClientCertificate?.Verify ?? 0)),
        Of("ssl_c_err", SampleType.Integer, static (RuleContext _, TlsConnection tls, ref Sample sample) => sample.Set(tls.ClientCertificate?.Error ?? 0)),
        Of("ssl_c_ca_err", SampleType.Integer, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            sample.Set(tls.ClientCertificate?.AuthorityError ?? 0)),
        Of("ssl_c_ca_err_depth", SampleType.Integer, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            sample.Set(tls.ClientCertificate?.AuthorityErrorDepth ?? 0)),

        // No client is let in with early data.
        Of("ssl_fc_has_early", SampleType.Boolean, static (RuleContext _, TlsConnection _, ref Sample sample) => sample.Set(false)),
        Of("ssl_fc_early_rcvd", SampleType.Boolean, static (RuleContext _, TlsConnection _, ref Sample sample) => sample.Set(false)),
    ];

    /// <summary>The name of a version.</summary>
    public static ReadOnlySpan<byte> NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLSv1.3"u8,
        SslProtocols.Tls12 => "TLSv1.2"u8,
        _ => "TLSv1"u8, // older ones are refused
    };

    private static FetchKeyword Of(string name, SampleType type, TlsFact fact) =>
        Fetch.Of(name, type, RuleStages.OfClientTls, (RuleContext context, ref Sample sample) =>
            context.Session.Tls is { } tls && fact(context, tls, ref sample));

    private static bool KeySize(RuleContext context, TlsConnection tls, ref Sample sample) =>
        CipherNames.Of(tls.CipherSuite).Bits is > 0 and var bits && sample.Set(bits);
}

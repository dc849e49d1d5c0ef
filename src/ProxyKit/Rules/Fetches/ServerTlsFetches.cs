using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>What the TLS of the server's connection agreed on, what became of connecting, and whether the connection is an old one.</summary>
internal static class ServerTlsFetches
{
    private delegate bool TlsFact(RuleContext context, TlsConnection tls, ref Sample sample);

    private delegate bool ErrorFact(TransportError error, ref Sample sample);

    public static IEnumerable<FetchKeyword> All =>
    [
        Of("ssl_bc_protocol", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            sample.SetString(TlsFetches.NameOf(tls.Protocol))),
        Of("ssl_bc_cipher", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            CipherNames.Of(tls.CipherSuite).Name is { IsEmpty: false } name && sample.SetString(name.Span)),
        Of("ssl_bc_alpn", SampleType.String, static (RuleContext _, TlsConnection tls, ref Sample sample) =>
            tls.ApplicationProtocol.Protocol is { IsEmpty: false } name && sample.SetString(name.Span)),
        Of("ssl_bc_sni", SampleType.String, static (RuleContext context, TlsConnection tls, ref Sample sample) =>
            tls.ServerName is { } name && Fetch.SetText(context, ref sample, name)),
        Of("ssl_bc_npn", SampleType.String, static (RuleContext _, TlsConnection _, ref Sample _) => false), // nobody speaks it any more
        Of("ssl_bc_alg_keysize", SampleType.Integer, KeySize),
        Of("ssl_bc_use_keysize", SampleType.Integer, KeySize),
        Of("ssl_bc_err", SampleType.Integer, static (RuleContext _, TlsConnection _, ref Sample sample) => sample.Set(0)), // it stands, so there was none
        Of("ssl_bc_err_str", SampleType.String, static (RuleContext _, TlsConnection _, ref Sample _) => false),
        Fetch.Of("bc_reused", SampleType.Boolean, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            context.Host is { } host && sample.Set(host.IsServerConnectionReused)),
        Error("bc_err", SampleType.Integer, static (TransportError error, ref Sample sample) => sample.Set(ConnectErrors.NumberOf(error))),
        Error("bc_err_name", SampleType.String, static (TransportError error, ref Sample sample) => sample.SetString(ConnectErrors.NameOf(error))),
        Error("bc_err_str", SampleType.String, static (TransportError error, ref Sample sample) => sample.SetString(ConnectErrors.TextOf(error))),
        One("bc_http_major", isOfHttp: true),
        One("bc_nb_streams", isOfHttp: false),
        One("bc_settings_streams_limit", isOfHttp: false),
    ];

    private static FetchKeyword Of(string name, SampleType type, TlsFact fact) =>
        Fetch.Of(name, type, RuleStages.OfServerConnection, (RuleContext context, ref Sample sample) =>
            context.LastServerConnection is TlsConnection tls && fact(context, tls, ref sample));

    /// <summary>There is none where nobody has tried to connect.</summary>
    private static FetchKeyword Error(string name, SampleType type, ErrorFact fact) =>
        Fetch.Of(name, type, RuleStages.OfServerConnection, (RuleContext context, ref Sample sample) =>
            (context.Check is { } check ? check.Connection is null ? default(TransportError?) : TransportError.None : context.Host?.ConnectError) is { } error
            && fact(error, ref sample));

    /// <summary>Servers are spoken to in HTTP/1, with one request at a time.</summary>
    private static FetchKeyword One(string name, bool isOfHttp) =>
        Fetch.Of(name, SampleType.Integer, RuleStages.OfServerConnection, (RuleContext context, ref Sample sample) =>
            context.Host?.LastServerConnection is not null && (context.Exchange is not null || !isOfHttp) && sample.Set(1));

    private static bool KeySize(RuleContext context, TlsConnection tls, ref Sample sample) =>
        CipherNames.Of(tls.CipherSuite).Bits is > 0 and var bits && sample.Set(bits);
}

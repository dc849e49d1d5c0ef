using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Rules.Explaining;

/// <summary>Takes the place of the fetches that ask for what a described request cannot have: handshakes, bytes of TLS, a body that was not
/// given, the state of a running process.</summary>
/// <param name="facts">What is known.</param>
/// <param name="trace">Is told what is not.</param>
internal sealed class TracedFetches(TraceFacts facts, RuleTrace trace)
{
    private static readonly HashSet<string> OfHandshake =
        [.. Names(TlsFetches.All).Concat(Names(CertificateFetches.All)).Where(static n => !n.StartsWith("ssl_bc", StringComparison.Ordinal))];

    private static readonly HashSet<string> OfBytes = [.. Names(HelloFetches.All), .. Names(ContentFetches.All), .. Names(RdpFetches.All), .. Names(DistccFetches.All)];

    private static readonly HashSet<string> OfBody = [.. Names(BodyFetches.All)];

    private static readonly HashSet<string> OfState = [.. Names(ProxyFetches.All), .. Names(LimitFetches.All), .. Names(StickFetches.All)];

    /// <summary>What to ask instead of a fetch, which may be the fetch itself.</summary>
    public SampleFetch For(FetchKeyword keyword, SampleFetch fetch)
    {
        var name = keyword.Name;
        return OfHandshake.Contains(name) ? OfClientTls(name, fetch)
            : OfBytes.Contains(name) && facts.PassesTls ? OfHello(name)
            : OfBody.Contains(name) ? IfBodyIsKnown(fetch)
            : OfState.Contains(name) ? Fresh(name, fetch)
            : fetch;
    }

    private static IEnumerable<string> Names(IEnumerable<FetchKeyword> keywords) => keywords.Select(static k => k.Name);

    private SampleFetch OfClientTls(string name, SampleFetch fetch) => name switch
    {
        "ssl_fc" => fetch,
        _ when !facts.IsSecure => fetch,
        "ssl_fc_sni" => ServerName(),
        "ssl_fc_has_sni" => (RuleContext _, ref Sample sample) => sample.Set(facts.ServerName is not null),
        _ => Unknown("needs the TLS handshake, which is not made here"),
    };

    private SampleFetch OfHello(string name) => name switch
    {
        "req.ssl_sni" or "req_ssl_sni" => ServerName(),
        "req.ssl_hello_type" or "req_ssl_hello_type" => static (RuleContext _, ref Sample sample) => sample.Set(1),
        _ => Unknown("needs the bytes of the client's TLS, which are not here"),
    };

    private SampleFetch ServerName()
    {
        var name = facts.ServerName is { } text ? Encoding.UTF8.GetBytes(text) : null;
        return (RuleContext _, ref Sample sample) => name is not null && sample.SetString(name);
    }

    private SampleFetch IfBodyIsKnown(SampleFetch fetch)
    {
        var unknown = Unknown("needs the request's body, which was not given");
        return (RuleContext context, ref Sample sample) =>
            trace.LacksBody ? unknown(context, ref sample) : fetch(context, ref sample);
    }

    private SampleFetch Fresh(string name, SampleFetch fetch) => (RuleContext context, ref Sample sample) =>
    {
        trace.NoteState(name);
        return fetch(context, ref sample);
    };

    private SampleFetch Unknown(string reason) => (RuleContext _, ref Sample _) =>
    {
        trace.NoteUnknown(reason);
        return false;
    };
}

using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Fetches;

/// <summary>The names that only conditions know: a fetch together with the way to compare it, as in <c>path_beg</c>.</summary>
internal static class ConditionFetches
{
    private static readonly string[] Suffixes = ["beg", "dir", "dom", "end", "len", "reg", "sub"];

    /// <summary>The names made of others.</summary>
    /// <param name="fetches">The fetches they are made of.</param>
    public static IEnumerable<FetchKeyword> Of(IReadOnlyCollection<FetchKeyword> fetches)
    {
        var byName = fetches.Where(static fetch => !fetch.IsForConditionsOnly).ToDictionary(static fetch => fetch.Name);
        return
        [
            .. WithSuffixes("base", byName["base"]),
            .. WithSuffixes("path", byName["path"]),
            .. WithSuffixes("url", byName["url"]),
            .. WithSuffixes("urlp", byName["urlp"]),
            .. WithSuffixes("hdr", byName["req.hdr"]), // of the request, also where rules look at the response
            byName["req.hdr"].As("hdr", "str"),
            .. WithSuffixes("cook", byName["req.cook"]),
            .. WithSuffixes("shdr", byName["res.hdr"]),
            .. WithSuffixes("scook", byName["res.cook"]),
            byName["ssl_fc_sni"].As("ssl_fc_sni_end", "end"),
            byName["ssl_fc_sni"].As("ssl_fc_sni_reg", "reg"),
            byName["req.payload"].As("payload", "bin"),
            byName["req.payload_lv"].As("payload_lv", "bin"),
            byName["req.ssl_ver"].As("req.ssl_ver", "dotted"),
            byName["req.ssl_ver"].As("req_ssl_ver", "dotted"),
            byName["req.rdp_cookie"].As("req_rdp_cookie", "str"),
            byName["req.rdp_cookie_cnt"].As("req_rdp_cookie_cnt", "int"),
        ];
    }

    private static IEnumerable<FetchKeyword> WithSuffixes(string prefix, FetchKeyword fetch) =>
        Suffixes.Select(suffix => fetch.As($"{prefix}_{suffix}", suffix));
}

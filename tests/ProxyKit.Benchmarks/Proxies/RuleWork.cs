using System.Globalization;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>The rules of a configuration, the same lines for all who read them.</summary>
/// <param name="Kind">What they do.</param>
/// <param name="Count">How many rules there are, or how many patterns in the file of the one or entries in its table; 0 for no rule.</param>
internal sealed record RuleWork(RuleKind Kind, int Count)
{
    private const string Path = "/100"; // the one that is asked for; it matches the last pattern

    /// <summary>Header and path conditions; for the request that is measured four act, and two of these write a field.</summary>
    private static readonly string[] Usual =
    [
        "http-request deny if { path_beg /admin/ } !{ src 10.0.0.0/8 }",
        "http-request deny if { req.hdr(user-agent) -m sub -i badbot scanner }",
        "http-request set-header x-forwarded-proto http unless { req.hdr(x-forwarded-proto) -m found }",
        "http-request set-header x-static 1 if { path_end .js .css .png }",
        "http-request set-header x-tenant gold if { req.hdr(host) -i h0.example }",
        "http-request del-header x-internal unless { src 10.0.0.0/8 }",
        "http-request set-path /new%[path] if { path_beg /old/ }",
        "http-request set-header x-beta 1 if { req.cook(beta) 1 }",
        "http-request set-var(txn.api) bool(true) unless { path_beg /api/ }",
        "http-request deny unless { req.hdr(host) -m end .example } { path_beg /1 }",
    ];

    /// <summary>The lines of the pattern file; the request's is the last one.</summary>
    public IEnumerable<string> Patterns => Kind switch
    {
        RuleKind.AclExact => Before(i => $"/api/p{i}").Append(Path),
        RuleKind.AclPrefix => Before(i => $"/api/p{i}/").Append("/1"),
        RuleKind.AclAddress => Before(i => $"10.{(i >> 12) & 255}.{(i >> 4) & 255}.{(i & 15) << 4}/28").Append("127.0.0.0/8"),
        RuleKind.AclRegex => Before(i => $"^/api/p{i}/[a-z]+/[0-9]+$").Append("^/[0-9]+$"),
        RuleKind.MapExact => Before(i => $"/api/p{i} backend-{i}").Append($"{Path} found"),
        RuleKind.MapPrefix => Before(i => $"/api/p{i}/ backend-{i}").Append("/1 found"),
        _ => [],
    };

    /// <summary>What has to be asked for, once each, before anything is measured; the measured request is the last entry.</summary>
    public IEnumerable<string> Fillers => Kind is RuleKind.StickTable ? Before(i => $"/entry/{i}") : [];

    /// <returns>What <see cref="ToString"/> has written; null for nothing.</returns>
    public static RuleWork? Parse(string text) => text.Split(' ') is [var kind, var count]
        ? new(Enum.Parse<RuleKind>(kind), int.Parse(count, CultureInfo.InvariantCulture))
        : null;

    /// <summary>The lines of the frontend. The one rule over patterns refuses what matches none, so that an answer of 200 tells that it works.</summary>
    public IEnumerable<string> Lines(string patternFile) => Kind switch
    {
        RuleKind.Rules => Usual.Take(Count),
        _ when Count == 0 => [],
        RuleKind.AclExact => [$"http-request deny unless {{ path -f {patternFile} }}"],
        RuleKind.AclPrefix => [$"http-request deny unless {{ path_beg -f {patternFile} }}"],
        RuleKind.AclAddress => [$"http-request deny unless {{ src -f {patternFile} }}"],
        RuleKind.AclRegex => [$"http-request deny unless {{ path_reg -f {patternFile} }}"],
        RuleKind.MapExact => [$"http-request set-header x-b %[path,map({patternFile},none)]"],
        RuleKind.StickTable =>
        [
            "stick-table type string len 64 size 100k expire 1h store http_req_cnt,http_req_rate(10s)",
            "http-request track-sc0 path",
            "http-request return status 200 if { path_beg /entry/ }",
            $"http-request deny unless {{ table_cnt ge {Count} }}",
        ],
        _ => [$"http-request set-header x-b %[path,map_beg({patternFile},none)]"],
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Count}");

    private IEnumerable<string> Before(Func<int, string> pattern) => Enumerable.Range(0, Math.Max(0, Count - 1)).Select(pattern);
}

using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tiers;

/// <summary>A group of tiers: whose requests are told apart by what, who has which tier, and what that allows.</summary>
public sealed class TiersOptions
{
    /// <summary>The name, for <see cref="Frontends.FrontendOptions.Tiers"/>, messages and run-time changes; unique among groups. What was counted is kept
    /// under it over reloads.</summary>
    public required string Name { get; init; }

    /// <summary>What tells clients apart: a claim, an API key, an address. Of several all are needed, and together they are the key.</summary>
    public IList<Expression> CountBy { get; } = [];

    /// <summary>What becomes of a request that lacks one of <see cref="CountBy"/>.</summary>
    public MissingKey MissingKey { get; set; }

    /// <summary>What tells a client's tier: a text that is a tier's name or has it as a word, as the scope of a token does, or as an element, as a
    /// JSON array does. The first that names a tier decides; of several tiers in one text, the one that stands first in <see cref="Tiers"/>.</summary>
    public IList<Expression> TierBy { get; } = [];

    /// <summary>Tells a client's tier in place of <see cref="TierBy"/>.</summary>
    /// <value>Null by default.</value>
    public ITierSource? Source { get; set; }

    /// <summary>How long what the source said is good.</summary>
    /// <value>1 minute by default; more than 0, at most a day.</value>
    public TimeSpan SourceCacheTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Of how many clients that is kept; of more, the one kept for longest makes room.</summary>
    /// <value>100,000 by default; 1 to 10,000,000.</value>
    public int SourceCacheSize { get; set; } = 100_000;

    /// <summary>How long the source may take.</summary>
    /// <value>5 seconds by default; more than 0, at most a minute.</value>
    public TimeSpan SourceTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The tiers; one at least.</summary>
    public IList<TierOptions> Tiers { get; } = [];

    /// <summary>The tier of clients whose tier is none of these.</summary>
    /// <value>Null by default: they are refused, with 403.</value>
    public string? DefaultTier { get; set; }

    /// <summary>With whom clients' limits are shared: quotas, buckets and concurrency, and fixed and sliding windows of a minute and more. Shorter windows and
    /// limiters of one's own are each gateway's.</summary>
    /// <value>Null by default: this gateway counts alone.</value>
    public TierLeases? Leases { get; set; }

    /// <summary>The folder in which what clients have used of their quotas is kept over restarts; made where it is not there. Fixed and sliding windows, buckets and
    /// concurrency are not kept.</summary>
    /// <value>Null by default: a restart begins with nothing used. Not beside <see cref="QuotaStore"/>, nor <see cref="Leases"/>, which keep it.</value>
    public string? QuotaFolder { get; set; }

    /// <summary>Keeps it in a place of one's own.</summary>
    /// <value>Null by default.</value>
    public IQuotaStore? QuotaStore { get; set; }

    /// <summary>What requests cost; 1 unit where none of these says otherwise.</summary>
    public IList<TierCostOptions> Costs { get; } = [];

    /// <summary>Tells from the response how many units the request has cost: <c>res.hdr(x-cost)</c>. What it has no number for leaves it at what it was
    /// admitted with.</summary>
    /// <value>Null by default: that stays.</value>
    public Expression? ChargeBy { get; set; }

    /// <summary>Tells from the heads of request and response how many units the request has cost; null from it leaves it as it is.</summary>
    /// <value>Null by default.</value>
    public Func<HttpExchange, long?>? ChargeByCode { get; set; }

    /// <summary>Tells at the end how many units the exchange has cost, by its bytes or its time. What it throws is logged, and leaves it as it is.</summary>
    /// <value>Null by default.</value>
    public Func<TierUsage, long>? ChargeAtEnd { get; set; }

    /// <summary>Whether responses tell clients of their limits, in the fields <c>RateLimit-Policy</c> and <c>RateLimit</c>, and refusals in
    /// <c>Retry-After</c>.</summary>
    /// <value>True by default.</value>
    public bool TellsLimits { get; set; } = true;

    /// <summary>The field of the response that names the limit whose <see cref="TierLimitOptions.SoftLimit"/> is passed.</summary>
    /// <value><c>RateLimit-Warning</c> by default; null for none.</value>
    public string? WarningHeader { get; set; } = "RateLimit-Warning";

    /// <summary>Answers a request that a limit refuses; <c>tier_window</c> and <c>tier_retry_after</c> have what there is to say.</summary>
    /// <value>Null by default: 429 with a problem of RFC 9457 that names the window.</value>
    public RuleAction? WhenRefused { get; set; }

    /// <summary>Answers a request whose client has no tier, or nothing to count by.</summary>
    /// <value>Null by default: 403 with a problem of RFC 9457.</value>
    public RuleAction? WhenUnknown { get; set; }

    /// <summary>Of how many clients there are counts. Of more, one that was not used for long is forgotten, and begins anew when it comes back; those
    /// with requests under way are not. Where a reload makes it less, those that are too many leave by and by; with
    /// <see cref="RefusesNewClients"/> none is let go for that, and new ones are turned away until enough have left of whom nothing counts any more.</summary>
    /// <value>1,000,000 by default, some 300 MiB with three limits; 1 to 100,000,000.</value>
    public int MaxClients { get; set; } = 1_000_000;

    /// <summary>Whether, instead, a client that is not among them is turned away with 503 until there is room.</summary>
    public bool RefusesNewClients { get; set; }
}

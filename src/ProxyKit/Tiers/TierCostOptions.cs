using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tiers;

/// <summary>What some requests cost, before they are served; the first whose condition holds decides.</summary>
public sealed class TierCostOptions
{
    /// <summary>Which requests.</summary>
    /// <value>Null by default: all.</value>
    public Condition? When { get; set; }

    /// <summary>How many units, where neither <see cref="By"/> nor <see cref="ByCode"/> tells.</summary>
    /// <value>1 by default; 0 to 1,000,000,000,000. A request that costs nothing passes unless its client is over a limit.</value>
    public long Units { get; set; } = 1;

    /// <summary>Tells how many units from the request, as <c>req.body_size</c> does. What it has no number for costs <see cref="Units"/>.</summary>
    public Expression? By { get; set; }

    /// <summary>Tells how many units. Many threads at once; what it throws ends the exchange with 500.</summary>
    public Func<HttpExchange, long>? ByCode { get; set; }
}

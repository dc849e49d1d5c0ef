using ProxyKit.Metering.Journals;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Metering;

/// <summary>Writes down who used how much, request by request. Nothing is left out: what cannot be kept is not served.</summary>
public sealed class MeteringOptions
{
    /// <summary>The directory of the journal that keeps it; made where it is not there. One proxy at a time uses it.</summary>
    /// <value>Null by default; either this or <see cref="Store"/> is needed.</value>
    public string? JournalPath { get; set; }

    /// <summary>A store of one's own in place of the journal. It belongs to whoever made it: the proxy does not dispose of it.</summary>
    /// <value>Null by default.</value>
    public IUsageStore? Store { get; set; }

    /// <summary>How the journal is kept. <see cref="UsageJournalOptions.FlushInterval"/> and <see cref="UsageJournalOptions.MaxBufferedBytes"/> are for
    /// <see cref="Store"/> too.</summary>
    public UsageJournalOptions Journal { get; } = new();

    /// <summary>When what was used is safe.</summary>
    /// <value><see cref="Durability.Batched"/> by default: answers wait for no disk.</value>
    public Durability Durability { get; set; }

    /// <summary>Who uses it: a claim, a key, an address. Asked when the response begins, of the request as it is then.</summary>
    /// <value>Needed.</value>
    public Expression? Client { get; set; }

    /// <summary>In which tier, or by which plan. Asked with <see cref="Client"/>.</summary>
    /// <value>Null by default: none.</value>
    public Expression? Tier { get; set; }

    /// <summary>What kind of request it is, for its event: see <see cref="UsageEvent.Route"/>. A name that a rule has given, say: <c>var(txn.route)</c>. Asked with
    /// <see cref="Client"/>. Where a user's code throws that it asks, that is logged, and the route is empty.</summary>
    /// <value>Null by default. Then, and where it has no value: the row of the frontend's <see cref="ScopePolicy"/> that was about the request.</value>
    public Expression? Route { get; set; }

    /// <summary>What is counted besides <see cref="UsageMeters"/>, on all frontends.</summary>
    /// <value>None by default; at most 16 with those of a frontend.</value>
    public IList<MeterOptions> Meters { get; } = [];
}

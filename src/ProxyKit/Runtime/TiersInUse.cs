using ProxyKit.Tiers;

namespace ProxyKit.Runtime;

/// <summary>A group of tiers as a configuration has it.</summary>
/// <param name="Group">The group, which outlives configurations.</param>
/// <param name="Options">What the configuration says of it.</param>
/// <param name="Plans">Its tiers.</param>
/// <param name="Assigned">What the user's source has said; null where there is none.</param>
internal sealed record TiersInUse(TierGroup Group, TiersOptions Options, TierPlans Plans, AssignedTiers? Assigned);

using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.Actions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The rules of a proxy, list by list, and the conditions that they go by.</summary>
/// <param name="inherited">Those of the <c>defaults</c> section it starts from, which run before its own.</param>
internal sealed class RuleDraft(RuleDraft? inherited)
{
    private readonly Dictionary<RuleLists, List<RuleOptions>> _lists = [];
    private readonly Dictionary<RuleLists, Place> _ended = [];
    private readonly Dictionary<RuleLists, Place> _begun = [];

    /// <summary>The ACLs of the section.</summary>
    public AclScope Acls { get; } = new(inherited?.Acls);

    public TimeSpan? InspectDelay { get; set; } = inherited?.InspectDelay;

    public TimeSpan? ResponseInspectDelay { get; set; } = inherited?.ResponseInspectDelay;

    /// <summary>The old redirects of the section, which are asked behind all rules for requests.</summary>
    public List<RuleOptions> Redirects { get; } = [];

    /// <summary>The first rule of the section's own; null where it has none.</summary>
    public Place? FirstPlace { get; private set; }

    /// <summary>The first rule of a list that stands behind what it runs before: <c>use_backend</c>. Null where none does.</summary>
    public Place? RouteSeen { get; set; }

    /// <summary>The first <c>redirect</c>, which all rules for requests run before; null where there is none.</summary>
    public Place? RedirectSeen { get; set; }

    public void Add(RuleLists list, RuleOptions rule, Place place)
    {
        FirstPlace ??= place;
        _begun.TryAdd(list, place);
        if (!_lists.TryGetValue(list, out var rules))
        {
            _lists[list] = rules = [];
        }

        rules.Add(rule);
    }

    /// <summary>Whether a rule before has ended the list for all that comes.</summary>
    public bool HasEnded(RuleLists list) => _ended.ContainsKey(list);

    public void End(RuleLists list, Place place) => _ended.TryAdd(list, place);

    /// <summary>The first rule of a list; null where it has none.</summary>
    public Place? PlaceOf(RuleLists list) => inherited?.PlaceOf(list) ?? (_begun.TryGetValue(list, out var place) ? place : null);

    /// <summary>Whether a list has rules of the section's own.</summary>
    public bool Has(RuleLists list) => _begun.ContainsKey(list);

    /// <summary>The rules of a list, inherited ones first.</summary>
    public IEnumerable<RuleOptions> Of(RuleLists list)
    {
        var own = _lists.GetValueOrDefault(list) ?? [];
        return inherited is null ? own : inherited.Of(list).Concat(own);
    }
}

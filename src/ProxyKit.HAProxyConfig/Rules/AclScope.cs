using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The ACLs that a section can name: its own, then those of the <c>defaults</c> it starts from, then those that are always there.</summary>
/// <remarks>A section's own definition is looked up first; the rules of its <c>defaults</c> were made with theirs and keep them.</remarks>
internal sealed class AclScope(AclScope? inherited)
{
    private readonly Dictionary<string, Condition> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Place>> _places = new(StringComparer.Ordinal);

    /// <summary>Adds a definition; a further one of the name holds besides.</summary>
    public void Add(string name, Condition condition, Place place)
    {
        if (_own.TryAdd(name, condition))
        {
            _places[name] = [place];
        }
        else
        {
            _own[name] |= condition;
            _places[name].Add(place);
        }
    }

    /// <summary>The condition of a name; null for those that are always there.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Condition? Find(string name) =>
        Get(name) is { } own ? Match.Named(name, own)
            : RuleLanguage.PredefinedAcls.Contains(name) ? null
            : throw new RuleFaultException($"no such ACL : '{name}'{NearestName.Hint(name, Names())}");

    /// <summary>Those of the section's own.</summary>
    public IEnumerable<KeyValuePair<string, Condition>> Own => _own;

    /// <summary>Where the section's own stand: a place for each line.</summary>
    public IReadOnlyDictionary<string, List<Place>> Places => _places;

    /// <summary>All that are defined, those of the <c>defaults</c> included.</summary>
    public IEnumerable<KeyValuePair<string, Condition>> All =>
        inherited is null ? _own : _own.Concat(inherited.All.Where(acl => !_own.ContainsKey(acl.Key)));

    private Condition? Get(string name) => _own.GetValueOrDefault(name) ?? inherited?.Get(name);

    private IEnumerable<string> Names() => _own.Keys.Concat(inherited?.Names() ?? RuleLanguage.PredefinedAcls);
}

using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The ACLs that a section can name: its own, then those of the <c>defaults</c> it starts from, then those that are always there.</summary>
/// <remarks>A section's own definition is looked up first; the rules of its <c>defaults</c> were made with theirs and keep them.</remarks>
internal sealed class AclScope(AclScope? inherited)
{
    private readonly Dictionary<string, Condition> _own = new(StringComparer.Ordinal);

    /// <summary>Adds a definition; a further one of the name holds besides.</summary>
    public void Add(string name, Condition condition) =>
        _own[name] = _own.TryGetValue(name, out var earlier) ? earlier | condition : condition;

    /// <summary>The condition of a name; null for those that are always there.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Condition? Find(string name) =>
        Own(name) is { } own ? Match.Named(name, own)
            : RuleLanguage.PredefinedAcls.Contains(name) ? null
            : throw new RuleFaultException($"no such ACL : '{name}'{NearestName.Hint(name, Names())}");

    /// <summary>All that are defined, those of the <c>defaults</c> included.</summary>
    public IEnumerable<KeyValuePair<string, Condition>> All =>
        inherited is null ? _own : _own.Concat(inherited.All.Where(acl => !_own.ContainsKey(acl.Key)));

    private Condition? Own(string name) => _own.GetValueOrDefault(name) ?? inherited?.Own(name);

    private IEnumerable<string> Names() => _own.Keys.Concat(inherited?.Names() ?? RuleLanguage.PredefinedAcls);
}

using ProxyKit.Backends;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.UserLists;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;

namespace ProxyKit.Rules;

/// <summary>Finds what rules name, for one configuration that is being put to use.</summary>
internal sealed class RuleCompiler
{
    private readonly Dictionary<(Type, string), object> _shared = [];

    /// <summary>Sees what the rules do, where one exchange is to be explained; null where exchanges are to be served.</summary>
    public RuleTrace? Trace { get; init; }

    /// <summary>Where the rule stands that is being made ready; several for one that runs at several places.</summary>
    public RuleStages Stages { get; set; } = RuleStages.Always;

    /// <summary>The list that the rule stands in.</summary>
    public RulePhases Phase { get; set; }

    /// <summary>Whether the rule behind it adds to the same informational response, whatever the exchange is.</summary>
    public bool IsFollowedByHint { get; set; }

    /// <summary>Whether the rules that are being made ready are those of a proxy in HTTP mode.</summary>
    public bool IsHttp { get; set; }

    /// <summary>Is told of conditions that never hold where the rule stands; null where nobody asks.</summary>
    public Action<string>? Doubts { get; set; }

    /// <summary>The time zone of local dates in formats.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>The places of variables.</summary>
    public VariableSlots Variables { get; init; } = new();

    /// <summary>The backends of the configuration, by name.</summary>
    public IReadOnlyDictionary<string, Backend> Backends { get; init; } = new Dictionary<string, Backend>();

    /// <summary>The frontends of the configuration, by name.</summary>
    public IReadOnlyDictionary<string, FrontendFacts> Frontends { get; init; } = new Dictionary<string, FrontendFacts>();

    /// <summary>The stick tables of the configuration, by name.</summary>
    public IReadOnlyDictionary<string, StickTable> Tables { get; init; } = new Dictionary<string, StickTable>();

    /// <summary>The backends that have stick tables learn their servers, by the table's name.</summary>
    public ILookup<string, Backend> TableLearners { get; init; } = Array.Empty<Backend>().ToLookup(static b => b.Name);

    /// <summary>The user lists of the configuration, by name.</summary>
    public IReadOnlyDictionary<string, UserList> UserLists { get; init; } = new Dictionary<string, UserList>();

    /// <summary>The groups of resolvers of the configuration, by name.</summary>
    public IReadOnlyDictionary<string, ResolverGroup> Resolvers { get; init; } = new Dictionary<string, ResolverGroup>();

    /// <summary>The clock of what asks for the time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the proxy accepts no more and waits for what is under way.</summary>
    public Func<bool> IsStopping { get; init; } = static () => false;

    /// <summary>The backend whose rules are being made ready; null in a frontend.</summary>
    public Backend? Backend { get; set; }

    /// <summary>The frontend whose rules are being made ready; null in a backend.</summary>
    public FrontendFacts? Frontend { get; set; }

    /// <summary>Finds the named ACLs of the proxy whose rules are being made ready; null, or null from it, leaves the predefined ones.</summary>
    public Func<string, Condition?>? Acls { get; set; }

    /// <summary>The ACLs, and the terms that they are joined of, which somebody has asked so far, whether all was there that they name or not.</summary>
    public HashSet<Condition> AskedAcls { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The place of a variable.</summary>
    /// <exception cref="RuleFaultException">The name is none of a variable.</exception>
    public Variable VariableFor(string name) =>
        VariableName.TryParse(name, out var parsed, out var fault) ? Variables.For(parsed) : throw new RuleFaultException(fault);

    /// <summary>The backend of a name; the current one for an empty name.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Backend BackendFor(string name)
    {
        if (name.Length == 0)
        {
            return Backend ?? throw new RuleFaultException("a backend must be named here, since this is none");
        }

        return Backends.TryGetValue(name, out var backend) ? backend : throw new RuleFaultException($"unable to find backend '{name}'");
    }

    /// <summary>The server of a name, with its backend's in front unless that is the current one.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public Server ServerFor(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var backend = BackendFor(slash < 0 ? "" : name[..slash]);
        return Array.Find(backend.Servers, s => s.Name == name[(slash + 1)..])
            ?? throw new RuleFaultException($"unable to find server '{name[(slash + 1)..]}' in backend '{backend.Name}'");
    }

    /// <summary>The frontend of a name; the current one for an empty name.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public FrontendFacts FrontendFor(string name)
    {
        if (name.Length == 0)
        {
            return Frontend ?? throw new RuleFaultException("a frontend must be named here, since this is none");
        }

        return Frontends.TryGetValue(name, out var frontend) ? frontend : throw new RuleFaultException($"unable to find frontend '{name}'");
    }

    /// <summary>The stick table of a name; the current proxy's for an empty name.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public StickTable TableFor(string name)
    {
        var wanted = name.Length > 0 ? name : Frontend?.Name ?? Backend?.Name ?? "";
        return Tables.TryGetValue(wanted, out var table) ? table : throw new RuleFaultException($"unable to find table '{wanted}'");
    }

    /// <summary>The list of users of a name.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public UserList UserListFor(string name) =>
        UserLists.TryGetValue(name, out var list) ? list : throw new RuleFaultException($"unable to find userlist '{name}'");

    /// <summary>The group of resolvers of a name.</summary>
    /// <exception cref="RuleFaultException">There is none.</exception>
    public ResolverGroup ResolversFor(string name) =>
        Resolvers.TryGetValue(name, out var group) ? group : throw new RuleFaultException($"unable to find resolvers '{name}'");

    /// <summary>What all users of a name in this configuration share: a pattern file, a list of users.</summary>
    public T Shared<T>(string name, Func<string, T> create)
        where T : class
    {
        if (!_shared.TryGetValue((typeof(T), name), out var shared))
        {
            _shared[(typeof(T), name)] = shared = create(name);
        }

        return (T)shared;
    }

    /// <summary>All that was shared of a type so far, in the order in which it was first named.</summary>
    public IEnumerable<T> AllShared<T>()
        where T : class => _shared.Values.OfType<T>();

    /// <summary>Whether a fetch knows its value where the rule stands. Conditions may ask all the same: there it has no sample.</summary>
    /// <exception cref="RuleFaultException">It does not.</exception>
    public void CheckStage(FetchKeyword fetch, bool inCondition)
    {
        if ((fetch.Stages & Stages) != 0)
        {
            if (IsHttp && RawFetches.Contain(fetch.Name))
            {
                Doubts?.Invoke($"<{fetch.Name}> reads bytes as they came, so that it has no value in HTTP mode");
            }

            return;
        }

        if (!inCondition)
        {
            throw new RuleFaultException($"sample fetch <{fetch.Name}> may not be reliably used here because what it needs is not available here");
        }

        Doubts?.Invoke($"the condition on <{fetch.Name}> never holds because what it needs is not available here");
    }
}

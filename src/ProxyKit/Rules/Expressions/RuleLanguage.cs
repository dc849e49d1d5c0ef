using ProxyKit.Http;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Expressions;

/// <summary>The words that expressions and configuration files may use: the fetches and converters that come with ProxyKit, and those that
/// users add, as they add actions.</summary>
/// <remarks>Add to it before it is used; afterwards it may be read by several threads at once.</remarks>
public sealed class RuleLanguage
{
    private readonly Dictionary<string, FetchKeyword> _fetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FetchKeyword> _conditionFetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConverterKeyword> _converters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActionKeyword> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleAction> _services = new(StringComparer.Ordinal);

    /// <summary>The language as it comes.</summary>
    public RuleLanguage()
    {
        foreach (var fetch in BuiltInKeywords.Fetches())
        {
            Add(fetch);
        }

        foreach (var converter in BuiltInKeywords.Converters())
        {
            Add(converter);
        }
    }

    /// <summary>The names of the ACLs that need no declaration, as in <c>METH_GET</c>. They are HAProxy's.</summary>
    public static IEnumerable<string> PredefinedAcls => Acls.PredefinedAcls.Names;

    /// <summary>The language as it comes, to read only.</summary>
    internal static RuleLanguage Default { get; } = new();

    /// <summary>All fetches, those that only conditions know included.</summary>
    internal IEnumerable<FetchKeyword> Fetches => _fetches.Values.Concat(_conditionFetches.Values);

    /// <summary>All converters.</summary>
    internal IEnumerable<ConverterKeyword> Converters => _converters.Values;

    /// <summary>The words of the actions that were added.</summary>
    public IEnumerable<string> ActionNames => _actions.Keys;

    /// <summary>The names of the fetches that expressions and conditions may use, in no order.</summary>
    public IEnumerable<string> FetchNames => _fetches.Keys.Union(_conditionFetches.Keys, StringComparer.Ordinal);

    /// <summary>The names of the converters, in no order.</summary>
    public IEnumerable<string> ConverterNames => _converters.Keys;

    /// <summary>Adds a fetch.</summary>
    /// <param name="keyword">The fetch.</param>
    /// <returns>This language.</returns>
    /// <exception cref="ArgumentException">There is one of the name.</exception>
    public RuleLanguage Add(FetchKeyword keyword)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        return (keyword.IsForConditionsOnly ? _conditionFetches : _fetches).TryAdd(keyword.Name, keyword)
            ? this
            : throw new ArgumentException($"there is a fetch '{keyword.Name}' already", nameof(keyword));
    }

    /// <summary>Adds a converter.</summary>
    /// <param name="keyword">The converter.</param>
    /// <returns>This language.</returns>
    /// <exception cref="ArgumentException">There is one of the name.</exception>
    public RuleLanguage Add(ConverterKeyword keyword)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        return _converters.TryAdd(keyword.Name, keyword)
            ? this
            : throw new ArgumentException($"there is a converter '{keyword.Name}' already", nameof(keyword));
    }

    /// <summary>Adds an action of one's own, which the rule lines of a configuration file may then name, as in
    /// <c>http-request tag-tenant acme if { path_beg /acme }</c>.</summary>
    /// <param name="name">The word; not one of HAProxy's actions, which keep their meaning.</param>
    /// <param name="create">Makes the action of a line from its arguments: mostly by <see cref="RuleActions.Run(string, Action{HttpExchange})"/> or
    /// <see cref="RuleActions.Answer(string, Func{HttpExchange, Reply?}, bool)"/>. A <see cref="RuleFaultException"/>, <see cref="FormatException"/> or
    /// <see cref="ArgumentException"/> that it throws refuses the line, with its message.</param>
    /// <param name="arguments">The arguments it takes, in their order; those that may be left out last. They are handed on as they are written.</param>
    /// <returns>This language.</returns>
    /// <exception cref="ArgumentException">There is one of the name, or the name is none.</exception>
    public RuleLanguage AddAction(string name, Func<KeywordArguments, RuleAction> create, params KeywordArgument[] arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(arguments);
        return _actions.TryAdd(name, new ActionKeyword(name, [.. arguments], create))
            ? this
            : throw new ArgumentException($"there is an action '{name}' already", nameof(name));
    }

    /// <summary>The names of the services that were added.</summary>
    public IEnumerable<string> ServiceNames => _services.Keys;

    /// <summary>Adds a service of one's own, which the rule lines of a configuration file may then name: <c>http-request use-service status if { path /status }</c>.
    /// See <see cref="RuleActions.UseService(string, Func{HttpExchange, CancellationToken, ValueTask{Reply}})"/>.</summary>
    /// <param name="name">Its name: one visible word without angle brackets; not one of HAProxy's services, which keep their meaning.</param>
    /// <param name="service">Answers.</param>
    /// <returns>This language.</returns>
    /// <exception cref="ArgumentException">There is one of the name, or the name is none.</exception>
    public RuleLanguage AddService(string name, Func<HttpExchange, CancellationToken, ValueTask<Reply>> service) =>
        _services.TryAdd(name, RuleActions.UseService(name, service))
            ? this
            : throw new ArgumentException($"there is a service '{name}' already", nameof(name));

    /// <summary>The rule action that hands requests to a service that was added; null where there is none.</summary>
    /// <param name="name">The service's name.</param>
    /// <returns>The action.</returns>
    public RuleAction? FindService(string name) => _services.GetValueOrDefault(name);

    /// <summary>The action of a word that was added; null where there is none.</summary>
    /// <param name="name">The word.</param>
    /// <returns>The action.</returns>
    public ActionKeyword? FindAction(string name) => _actions.GetValueOrDefault(name);

    internal FetchKeyword? FindFetch(string name, bool inCondition) =>
        (inCondition ? _conditionFetches.GetValueOrDefault(name) : null) ?? _fetches.GetValueOrDefault(name);

    internal ConverterKeyword? FindConverter(string name) => _converters.GetValueOrDefault(name);

    internal string UnknownFetch(string name) => $"unknown fetch method '{name}'{NearestName.Hint(name, _fetches.Keys)}";

    internal string UnknownConverter(string name) => $"unknown converter '{name}'{NearestName.Hint(name, _converters.Keys)}";
}

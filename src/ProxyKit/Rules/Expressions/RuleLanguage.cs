using ProxyKit.Descriptions;
using ProxyKit.Http;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Expressions;

/// <summary>The words that expressions and configuration files may use: the fetches and converters that come with ProxyKit, and those that
/// users add, as they add actions.</summary>
/// <remarks>Add to it before it is used; afterwards it may be read by several threads at once.</remarks>
public sealed class RuleLanguage : IDescribed
{
    private static readonly string[] PathPrefixes = ["file@", "opt@"]; // what virt@ is before is no file

    private readonly Dictionary<string, FetchKeyword> _fetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FetchKeyword> _conditionFetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConverterKeyword> _converters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActionKeyword> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleAction> _services = new(StringComparer.Ordinal);

    private readonly string? _directory; // of files; null for that of the process

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

    private RuleLanguage(RuleLanguage other, string directory)
    {
        _fetches = new(other._fetches, StringComparer.Ordinal);
        _conditionFetches = new(other._conditionFetches, StringComparer.Ordinal);
        _converters = new(other._converters, StringComparer.Ordinal);
        _actions = new(other._actions, StringComparer.Ordinal);
        _services = new(other._services, StringComparer.Ordinal);
        _directory = directory;
        HasDefaultWords = other == Default;
    }

    /// <summary>The names of the ACLs that need no declaration, as in <c>METH_GET</c>. They are HAProxy's.</summary>
    public static IEnumerable<string> PredefinedAcls => Acls.PredefinedAcls.Names;

    /// <summary>HAProxy's fetches that are not there, and the reason of each, which whoever uses one is told. One of the name may be added.</summary>
    public static IReadOnlyDictionary<string, string> MissingFetches => Expressions.MissingFetches.Reasons;

    /// <summary>The language as it comes, to read only.</summary>
    internal static RuleLanguage Default { get; } = new();

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
        HasDefaultWords = false;
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
        HasDefaultWords = false;
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

    /// <summary>The same words, where the names of files that conditions and expressions have in them are those of a directory, unless they begin with a
    /// slash. HAProxy: <c>default-path</c>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="language">The language; null for the one that comes with ProxyKit.</param>
    /// <returns>A language of its own, with the words that are there now.</returns>
    public static RuleLanguage InDirectory(string directory, RuleLanguage? language = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new(language ?? Default, directory);
    }

    /// <inheritdoc/>
    public Description? Description => HasDefaultWords && _directory is not null ? new(typeof(RuleLanguage), nameof(InDirectory), _directory) : null;

    /// <summary>Whether its words are those of the language as it comes, for certain.</summary>
    internal bool HasDefaultWords
    {
        get => field || this == Default;
        private set;
    }

    /// <summary>A file that an expression or a condition names.</summary>
    internal string PathOf(string name)
    {
        if (_directory is null)
        {
            return name;
        }

        var prefix = Array.Find(PathPrefixes, p => name.StartsWith(p, StringComparison.Ordinal)) ?? "";
        var path = name[prefix.Length..];
        return path.Length == 0 || name.StartsWith("virt@", StringComparison.Ordinal) || Path.IsPathRooted(path) ? name : prefix + Path.Combine(_directory, path);
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

    /// <param name="name">What stands in place of one.</param>
    /// <param name="condition">The text of the condition it stands in, where there are more names; null elsewhere.</param>
    internal string UnknownFetch(string name, string? condition = null) => MissingFetches.TryGetValue(name, out var reason)
        ? $"the fetch method '{name}' is not supported: {reason}"
        : condition is null ? $"unknown fetch method '{name}'{NearestName.Hint(name, _fetches.Keys)}"
        : $"unknown fetch method '{name}' in ACL expression '{condition}'{NearestName.Hint(name, FetchNames)}";

    internal string UnknownConverter(string name) => $"unknown converter '{name}'{NearestName.Hint(name, _converters.Keys)}";
}

using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Rules.Expressions;

/// <summary>The words that expressions and configuration files may use: the fetches and converters that come with ProxyKit, and those that
/// users add.</summary>
/// <remarks>Add to it before it is used; afterwards it may be read by several threads at once.</remarks>
public sealed class RuleLanguage
{
    private readonly Dictionary<string, FetchKeyword> _fetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FetchKeyword> _conditionFetches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConverterKeyword> _converters = new(StringComparer.Ordinal);

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

    /// <summary>The language as it comes, to read only.</summary>
    internal static RuleLanguage Default { get; } = new();

    /// <summary>All fetches, those that only conditions know included.</summary>
    internal IEnumerable<FetchKeyword> Fetches => _fetches.Values.Concat(_conditionFetches.Values);

    /// <summary>All converters.</summary>
    internal IEnumerable<ConverterKeyword> Converters => _converters.Values;

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

    internal FetchKeyword? FindFetch(string name, bool inCondition) =>
        (inCondition ? _conditionFetches.GetValueOrDefault(name) : null) ?? _fetches.GetValueOrDefault(name);

    internal ConverterKeyword? FindConverter(string name) => _converters.GetValueOrDefault(name);

    internal string UnknownFetch(string name) => $"unknown fetch method '{name}'{Suggestion(name, _fetches.Keys)}";

    internal string UnknownConverter(string name) => $"unknown converter '{name}'{Suggestion(name, _converters.Keys)}";

    private static string Suggestion(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } nearest ? $"; did you mean '{nearest}' maybe ?" : "";
}

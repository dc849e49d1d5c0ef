using System.Diagnostics.CodeAnalysis;
using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>A fetch by its keyword, and converters by theirs.</summary>
internal sealed class KeywordExpression : Expression
{
    private readonly FetchKeyword _fetch;
    private readonly KeywordArguments _arguments;
    private readonly (ConverterKeyword Keyword, KeywordArguments Arguments)[] _converters;

    /// <exception cref="RuleFaultException">A converter cannot take what the one before it gives.</exception>
    public KeywordExpression(
        FetchKeyword fetch, KeywordArguments arguments, params (ConverterKeyword Keyword, KeywordArguments Arguments)[] converters)
    {
        _fetch = fetch;
        _arguments = arguments;
        _converters = converters;
        var type = fetch.Type;
        foreach (var (keyword, _) in converters)
        {
            if (!SampleCasts.MayCast(type, keyword.Input))
            {
                throw new RuleFaultException($"converter '{keyword.Name}' cannot be applied");
            }

            type = keyword.OutputFor(type);
        }

        Type = type;
    }

    public override SampleType Type { get; }

    /// <summary>The fetch that it begins with.</summary>
    public FetchKeyword Fetch => _fetch;

    public override Description? Description =>
        IsOfDefaultLanguage && !_fetch.IsForConditionsOnly ? new(typeof(Value), nameof(Value.Parse), ToString()) : null;

    /// <summary>Whether the words that come with ProxyKit say the same, in a condition where it is of one.</summary>
    public bool IsOfDefaultLanguage =>
        RuleLanguage.Default.FindFetch(_fetch.Name, _fetch.IsForConditionsOnly) is not null
        && Array.TrueForAll(_converters, static c => RuleLanguage.Default.FindConverter(c.Keyword.Name) is not null);

    /// <summary>Whether there is no converter.</summary>
    public bool IsBareFetch => _converters.Length == 0;

    /// <summary>Whether the fetch knows of patterns that it can never give.</summary>
    public bool ChecksPatterns => IsBareFetch && _fetch.CheckPatterns is not null;

    /// <summary>Looks whether the patterns of a condition are ones that the fetch can give.</summary>
    /// <exception cref="RuleFaultException">One of them is not.</exception>
    public void CheckPatterns(RuleCompiler compiler, IReadOnlyList<string> patterns)
    {
        if (ChecksPatterns)
        {
            _fetch.CheckPatterns!(new KeywordUse(_arguments, compiler, iterates: true), patterns); // it does
        }
    }

    /// <summary>The same with another converter behind it.</summary>
    public KeywordExpression Then(ConverterKeyword keyword, KeywordArguments arguments) =>
        new(_fetch, _arguments, [.. _converters, (keyword, arguments)]);

    public override string ToString()
    {
        var text = new StringBuilder(_fetch.Name).Append(_arguments);
        foreach (var (keyword, arguments) in _converters)
        {
            text.Append(',').Append(keyword.Name).Append(arguments);
        }

        return text.ToString();
    }

    [SuppressMessage("Design", "CA1031", Justification = "What a user's factory throws is a fault of the configuration, told with its place.")]
    private protected override CompiledExpression CompileOwn(RuleCompiler compiler, bool iterates)
    {
        compiler.CheckStage(_fetch, iterates);
        var use = new KeywordUse(_arguments, compiler, iterates);
        var fetch = Create($"fetch method '{_fetch.Name}'", () => _fetch.Create(use));
        fetch = compiler.Trace?.Watch(_fetch, fetch) ?? fetch;
        var steps = new CompiledExpression.Step[_converters.Length];
        foreach (var (i, (keyword, arguments)) in _converters.Index())
        {
            var converter = Create($"converter '{keyword.Name}'", () => keyword.Create(new KeywordUse(arguments, compiler, iterates)));
            steps[i] = new(keyword.Input, converter);
        }

        return new CompiledExpression(fetch, steps, _fetch.IsVolatile) { Subject = _fetch.Subject?.Invoke(use) ?? default };

        static T Create<T>(string what, Func<T> create)
        {
            try
            {
                return create();
            }
            catch (Exception e) when (e is not RuleFaultException)
            {
                throw new RuleFaultException($"invalid args in {what} : {e.Message}");
            }
        }
    }
}

using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Expressions;

/// <summary>An action of a user's own that rule lines can name; <see cref="RuleLanguage.AddAction"/> makes one.</summary>
public sealed class ActionKeyword
{
    private readonly Func<KeywordArguments, RuleAction> _create;

    internal ActionKeyword(string name, IReadOnlyList<KeywordArgument> arguments, Func<KeywordArguments, RuleAction> create)
    {
        Name = name;
        Arguments = arguments;
        _create = create;
    }

    /// <summary>The word.</summary>
    public string Name { get; }

    /// <summary>The arguments it takes, in their order.</summary>
    public IReadOnlyList<KeywordArgument> Arguments { get; }

    /// <summary>Makes the action of a line.</summary>
    /// <param name="arguments">What was written.</param>
    /// <returns>The action.</returns>
    /// <exception cref="RuleFaultException">The arguments are not right.</exception>
    public RuleAction Create(params string[] arguments)
    {
        try
        {
            return _create(new KeywordArguments(arguments)) ?? throw new RuleFaultException($"'{Name}' has made no action");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new RuleFaultException(e.Message, e);
        }
    }
}

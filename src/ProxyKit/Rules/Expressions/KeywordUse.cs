namespace ProxyKit.Rules.Expressions;

/// <summary>One use of a keyword in a configuration that is being put to use: what the keyword's factory works from.</summary>
public sealed class KeywordUse
{
    internal KeywordUse(KeywordArguments arguments, RuleCompiler compiler, bool iterates)
    {
        Arguments = arguments;
        Compiler = compiler;
        Iterates = iterates;
    }

    /// <summary>What was written between the keyword's brackets.</summary>
    public KeywordArguments Arguments { get; }

    /// <summary>Whether the one who asks tries several values in turn, as conditions do.</summary>
    internal bool Iterates { get; }

    internal RuleCompiler Compiler { get; }
}

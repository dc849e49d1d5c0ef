using ProxyKit.Descriptions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>
/// A value to be had from each exchange: a fetch, and the converters it goes through; HAProxy's sample expression. <see cref="Value"/> makes
/// expressions.
/// </summary>
/// <remarks>Immutable: one expression may serve many rules and proxies. What it names (tables, maps, backends) is looked up when the
/// configuration is put to use; a name that is not there is a fault of the configuration. Its <see cref="object.ToString"/> is the text a
/// configuration file would have.</remarks>
public abstract class Expression : IDescribed
{
    private protected Expression()
    {
    }

    /// <inheritdoc/>
    public virtual Description? Description => null;

    /// <summary>What the value will be; <see cref="SampleType.Any"/> where only the exchange can tell.</summary>
    public abstract SampleType Type { get; }

    /// <summary>Makes it ready to be asked.</summary>
    /// <param name="compiler">Finds what it names, and knows where the rule stands.</param>
    /// <param name="iterates">Whether the one who asks tries several values in turn, as conditions do.</param>
    /// <exception cref="RuleFaultException">It names something that is not there, or cannot be asked there.</exception>
    internal CompiledExpression Compile(RuleCompiler compiler, bool iterates = false)
    {
        var compiled = CompileOwn(compiler, iterates);
        return compiler.Trace is { } trace ? trace.Watch(this, compiled) : compiled;
    }

    /// <summary>Does what <see cref="Compile"/> says.</summary>
    private protected abstract CompiledExpression CompileOwn(RuleCompiler compiler, bool iterates);
}

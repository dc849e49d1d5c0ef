using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Converters;

/// <summary>An integer that a converter was given: as it stands, or in a variable.</summary>
internal sealed class IntegerArgument
{
    private readonly Variable? _variable;
    private readonly long _constant;

    /// <exception cref="FormatException">It is neither a variable's name nor an integer.</exception>
    public IntegerArgument(KeywordUse use, int index)
    {
        var text = use.Arguments.Text(index);
        if (VariableName.TryParse(text, out _, out _))
        {
            _variable = use.Compiler.VariableFor(text);
        }
        else if (!KeywordArguments.TryParseInteger(text, out _constant))
        {
            throw new FormatException($"expects an integer or a variable name, not '{text}'");
        }
    }

    /// <summary>The integer, where it does not come from a variable.</summary>
    public long? Constant => _variable is null ? _constant : null;

    /// <summary>Gets the integer.</summary>
    /// <returns>False where the variable has no value that can be one.</returns>
    public bool TryGet(RuleContext context, out long value)
    {
        value = _constant;
        if (_variable is null)
        {
            return true;
        }

        var sample = default(Sample);
        if (!_variable.TryGet(context, ref sample) || !SampleCasts.TryCast(context, ref sample, SampleType.Integer))
        {
            return false;
        }

        value = sample.Integer;
        return true;
    }
}

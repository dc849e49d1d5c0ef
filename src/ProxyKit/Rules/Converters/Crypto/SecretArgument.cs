using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Converters.Crypto;

/// <summary>A key or the like that a converter was given in base64: as it stands, or in a variable.</summary>
internal sealed class SecretArgument
{
    private readonly Variable? _variable;
    private readonly byte[] _constant = [];

    /// <exception cref="FormatException">It is neither a variable's name nor base64.</exception>
    public SecretArgument(KeywordUse use, int index, string what)
    {
        var text = use.Arguments.Text(index);
        if (VariableName.TryParse(text, out _, out _))
        {
            _variable = use.Compiler.VariableFor(text);
            return;
        }

        var bytes = new byte[Base64Text.MaxLength(text.Length)];
        if (!Base64Text.TryDecode(ArgumentBytes.Of(text), bytes, out var length))
        {
            throw new FormatException($"failed to parse {what} : neither base64 nor the name of a variable");
        }

        _constant = bytes[..length];
    }

    /// <summary>The bytes where they stand in the configuration; null where they are in a variable.</summary>
    public byte[]? Constant => _variable is null ? _constant : null;

    /// <summary>Gets the bytes.</summary>
    /// <returns>False where the variable has none.</returns>
    public bool TryGet(RuleContext context, out ReadOnlySpan<byte> bytes)
    {
        bytes = _constant;
        if (_variable is null)
        {
            return true;
        }

        var sample = default(Sample);
        if (!_variable.TryGet(context, ref sample) || !SampleCasts.TryCast(context, ref sample, SampleType.String))
        {
            return false;
        }

        var decoded = context.Scratch.Rent(Base64Text.MaxLength(sample.Bytes.Length));
        if (!Base64Text.TryDecode(sample.Bytes, decoded, out var length))
        {
            return false;
        }

        bytes = context.Scratch.Shrink(decoded, length);
        return true;
    }
}

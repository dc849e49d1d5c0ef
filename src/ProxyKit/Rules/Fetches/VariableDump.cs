using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Fetches;

/// <summary>Writes variables as <c>scope.name=value</c>: <c>dump_all_vars([scope][,prefix][,delim])</c>.</summary>
internal sealed class VariableDump
{
    private static readonly VariableScope[] Order =
    [
        VariableScope.Session, VariableScope.Transaction, VariableScope.Request, VariableScope.Response, VariableScope.Process,
        VariableScope.Check,
    ];

    private readonly VariableSlots _slots;
    private readonly VariableScope? _scope;
    private readonly bool _isBare;
    private readonly string _prefix;
    private readonly byte[] _delimiter;
    private Dictionary<VariableScope, (Variable Variable, byte[] Name)[]>? _variables; // found at the first use: by then all are named

    public VariableDump(KeywordUse use)
    {
        _slots = use.Compiler.Variables;
        _isBare = use.Arguments.IsAbsent;
        _prefix = use.Arguments.Text(1);
        _delimiter = Encoding.UTF8.GetBytes(use.Arguments.Text(2, ", "));
        var scope = use.Arguments.Text(0);
        _scope = scope.Length == 0
            ? null
            : VariableName.TryParse($"{scope}.x", out var name, out var fault) ? name.Scope : throw new RuleFaultException(fault);
    }

    public bool TryGet(RuleContext context, ref Sample sample)
    {
        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        var variables = _variables ??= FindAll();
        foreach (var scope in Order)
        {
            if (IsMeant(context, scope) && VariableFetches.HasScope(context, scope)
                && !TryWrite(context, variables[scope], text, ref length))
            {
                return false;
            }
        }

        return sample.SetString(context.Scratch.Shrink(text, length));
    }

    /// <summary>Without brackets those of the transaction alone, or, where there is no stream, of session and process.</summary>
    private bool IsMeant(RuleContext context, VariableScope scope) => _isBare
        ? context.HasStream ? scope == VariableScope.Transaction : scope is VariableScope.Session or VariableScope.Process
        : _scope is null || scope == _scope;

    private Dictionary<VariableScope, (Variable Variable, byte[] Name)[]> FindAll() => Order.ToDictionary(
        static scope => scope,
        scope => _slots.All(scope)
            .Where(variable => variable.Name.StartsWith(_prefix, StringComparison.Ordinal))
            .Select(variable => (variable, Encoding.UTF8.GetBytes($"{VariableName.ScopeName(scope)}.{variable.Name}=")))
            .ToArray());

    private bool TryWrite(RuleContext context, (Variable Variable, byte[] Name)[] variables, Span<byte> text, ref int length)
    {
        foreach (var (variable, name) in variables)
        {
            var value = default(Sample);
            if (!variable.TryGet(context, ref value))
            {
                continue;
            }

            if ((length > 0 && !Put(_delimiter, text, ref length)) || !Put(name, text, ref length) || !PutValue(ref value, text, ref length))
            {
                return false;
            }
        }

        return true;
    }

    private static bool PutValue(ref Sample value, Span<byte> text, ref int length)
    {
        int written;
        switch (value.Type)
        {
            case SampleType.Boolean:
                return Put(value.IsTrue ? "true"u8 : "false"u8, text, ref length);
            case SampleType.Integer:
                var isWritten = value.Integer.TryFormat(text[length..], out written, provider: System.Globalization.CultureInfo.InvariantCulture);
                length += written;
                return isWritten;
            case SampleType.IPv4 or SampleType.IPv6:
                isWritten = value.ToAddress().TryFormat(text[length..], out written);
                length += written;
                return isWritten;
            case SampleType.Binary:
                isWritten = Convert.TryToHexString(value.Bytes, text[length..], out written);
                length += written;
                return isWritten;
            default:
                return PutQuoted(value.Bytes, text, ref length);
        }
    }

    private static bool PutQuoted(ReadOnlySpan<byte> value, Span<byte> text, ref int length)
    {
        if (!Put("\""u8, text, ref length))
        {
            return false;
        }

        foreach (var octet in value)
        {
            if ((octet is (byte)'"' or (byte)'\\' && !Put("\\"u8, text, ref length)) || !Put([octet], text, ref length))
            {
                return false;
            }
        }

        return Put("\""u8, text, ref length);
    }

    private static bool Put(ReadOnlySpan<byte> bytes, Span<byte> text, ref int length)
    {
        if (!bytes.TryCopyTo(text[length..]))
        {
            return false;
        }

        length += bytes.Length;
        return true;
    }
}

using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Removes the header fields that an encoded block names; the values in it do not matter.</summary>
internal sealed class DelHeaderBlockAction(Expression block, HeaderNameMatch match) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"del-headers-bin {RuleWords.Value(block)}{NamePattern.FlagOf(match)}";

    internal override CompiledAction Compile(RuleCompiler compiler) => FieldBlock.Compile(block, compiler, (context, fields) =>
    {
        if (FieldEdits.HeadersOf(context) is { } headers)
        {
            Remove(context, headers, fields);
        }

        return RuleOutcome.Next;
    });

    private void Remove(RuleContext context, HeaderBlock headers, ReadOnlySpan<byte> rest)
    {
        var end = headers.TableLength; // what is added on the way, to keep the message whole, stays
        while (FieldBlock.TryTake(ref rest, out var name) && FieldBlock.TryTake(ref rest, out _) && !name.IsEmpty)
        {
            var lower = context.Scratch.Rent(name.Length);
            Ascii.ToLower(name, lower, out _);
            if (FieldBlock.IsOfConnection(lower))
            {
                continue;
            }

            for (var i = 0; i < end; i++)
            {
                if (!headers.IsRemovedAt(i) && NamePattern.Matches(headers.NameAt(i), lower, match))
                {
                    FieldEdits.RemoveAt(context, headers, i);
                }
            }
        }
    }
}

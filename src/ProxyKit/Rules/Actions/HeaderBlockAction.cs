using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Actions;

/// <summary>Writes the fields of an encoded block: each a name and a value behind their lengths, and two lengths of 0 at the end.</summary>
internal sealed class HeaderBlockAction(Expression block, string? prefix, bool replaces) : RuleAction
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix?.ToLowerInvariant() ?? "");

    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"{(replaces ? "set" : "add")}-headers-bin {RuleWords.Value(block)}{(prefix is null ? "" : $" prefix {RuleWords.Text(prefix)}")}";

    internal override CompiledAction Compile(RuleCompiler compiler) => FieldBlock.Compile(
        block, compiler, (context, fields) => RewriteFailure.UnlessDone(context, TryApply(context, fields)));

    private bool TryApply(RuleContext context, ReadOnlySpan<byte> rest)
    {
        var isDone = true;
        while (isDone && FieldBlock.TryTake(ref rest, out var name) && FieldBlock.TryTake(ref rest, out var value) && !name.IsEmpty)
        {
            var lower = context.Scratch.Rent(name.Length);
            Ascii.ToLower(name, lower, out _);
            if (!lower.StartsWith(_prefix) || FieldBlock.IsOfConnection(lower))
            {
                continue;
            }

            var known = KnownHeaders.Find(lower);
            isDone = replaces
                ? FieldEdits.TrySet(context, lower, known, HeaderText.Escape(context, value))
                : FieldEdits.TryAdd(context, lower, known, HeaderText.Escape(context, value));
        }

        return isDone;
    }
}

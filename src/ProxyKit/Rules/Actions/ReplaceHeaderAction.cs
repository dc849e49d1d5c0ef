using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Replaces the values of header fields that a regular expression is found in: whole lines, or elements of comma-separated lists.</summary>
internal sealed class ReplaceHeaderAction(FieldName name, RegexReplacement regex, Expression value, bool byElement) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"replace-{(byElement ? "value" : "header")} {name} {RuleWords.Text(regex.ToString())} {RuleWords.Format(value)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var text = value.Compile(compiler);
        return new(context =>
        {
            if (FieldEdits.HeadersOf(context) is not { } headers)
            {
                return RuleOutcome.Next;
            }

            var template = text.Text(context); // once, before the first line
            var isDone = true;
            var end = headers.TableLength;
            for (var i = 0; i < end && isDone; i++)
            {
                if (headers.IsNamed(i, name.Bytes))
                {
                    isDone = byElement ? TryReplaceElements(context, headers, i, template) : TryReplaceLine(context, headers, i, template);
                }
            }

            return RewriteFailure.UnlessDone(context, isDone);
        });
    }

    private bool TryReplaceLine(RuleContext context, HeaderBlock headers, int index, ReadOnlySpan<byte> template)
    {
        var line = headers.ValueAt(index);
        return !regex.Matches(line)
            || (regex.TryExpand(context, line, template, out var replaced)
                && FieldEdits.TryReplaceAt(context, headers, index, HeaderText.Escape(context, replaced)));
    }

    /// <summary>The blanks around an element that is replaced go with it; those around others stay.</summary>
    private bool TryReplaceElements(RuleContext context, HeaderBlock headers, int index, ReadOnlySpan<byte> template)
    {
        var line = headers.ValueAt(index);
        var result = Span<byte>.Empty;
        var written = 0;
        var copied = 0; // how much of the line is in the result
        for (var start = 0; start <= line.Length;)
        {
            var end = start + QuotedStrings.EndOfElement(line[start..]);
            var element = line[start..end].Trim(" \t"u8);
            if (regex.Matches(element))
            {
                if (result.IsEmpty)
                {
                    result = context.Scratch.Rent(Scratch.MaxResult);
                }

                if (!regex.TryExpand(context, element, template, out var replaced)
                    || !TryPut(line[copied..start], result, ref written)
                    || !TryPut(HeaderText.Escape(context, replaced), result, ref written))
                {
                    return false;
                }

                copied = end;
            }

            start = end + 1;
        }

        return result.IsEmpty
            || (TryPut(line[copied..], result, ref written) && FieldEdits.TryReplaceAt(context, headers, index, result[..written]));
    }

    private static bool TryPut(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int written)
    {
        if (!bytes.TryCopyTo(destination[written..]))
        {
            return false;
        }

        written += bytes.Length;
        return true;
    }
}

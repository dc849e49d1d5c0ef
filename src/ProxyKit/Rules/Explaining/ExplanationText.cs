using System.Globalization;
using System.Text;

namespace ProxyKit.Rules.Explaining;

/// <summary>Writes an explanation for people.</summary>
internal sealed class ExplanationText
{
    private readonly StringBuilder _text = new();

    public static string Of(Explanation explanation)
    {
        var writer = new ExplanationText();
        writer.Write(explanation);
        return writer._text.ToString();
    }

    private void Write(Explanation explanation)
    {
        Line(0, explanation.Request);
        Line(0, $"from {explanation.Client}, at frontend {explanation.Frontend}{(explanation.Bind is { } bind ? $" ({bind})" : "")}");
        foreach (var list in explanation.Lists)
        {
            _text.Append('\n');
            Line(0, list.ToString());
            foreach (var rule in list.Rules)
            {
                Write(rule);
            }
        }

        _text.Append('\n');
        Line(0, $"=> {explanation.Outcome}");
        WriteServers(explanation);
        if (explanation.Reply is { } reply)
        {
            foreach (var (name, value) in reply.Headers)
            {
                Line(3, $"{name}: {value}");
            }
        }

        foreach (var note in explanation.Notes)
        {
            Line(0, $"note: {note}");
        }
    }

    private void WriteServers(Explanation explanation)
    {
        foreach (var server in explanation.Servers)
        {
            Line(3, string.Create(
                CultureInfo.InvariantCulture,
                $"{(server.CanBeChosen ? '+' : '-')} {server.Name} {server.Address} weight {server.Weight}{(server.Remark is { } remark ? $": {remark}" : "")}"));
        }
    }

    private void Write(ExplainedRule rule)
    {
        var (mark, fate) = rule.Fate switch
        {
            RuleFate.Fired => ('+', "fired"),
            RuleFate.NotFired => ('-', "not fired"),
            RuleFate.Undecided => ('?', "undecided"),
            RuleFate.Failed => ('!', "failed"),
            _ => (' ', "not reached"),
        };
        Line(2, $"{mark} {fate,-11}  {rule.Text}{(rule.Place is { } place ? $"  [{place}]" : "")}");
        if (rule.Condition is { } condition)
        {
            WriteRoot(condition);
        }

        foreach (var effect in rule.Effects)
        {
            Line(18, effect.ToString());
        }

        foreach (var value in rule.Effects.Count > 0 ? [] : rule.Values)
        {
            Line(18, $"{value.Expression} gave {value.Value ?? "no value"}");
        }

        if (rule.Remark is { } remark)
        {
            Line(18, remark);
        }
    }

    /// <summary>The whole of a condition was in the rule's text already.</summary>
    private void WriteRoot(ExplainedTerm condition)
    {
        foreach (var part in condition.Parts)
        {
            Write(part, 18);
        }

        if (condition.Parts.Count == 0 && (condition.Values.Count > 0 || condition.Remark is not null))
        {
            Line(18, $"{Saw(condition)}  {condition.Remark}".Trim());
        }
    }

    private static string Saw(ExplainedTerm term) =>
        term.Values.Count == 0 ? "" : $"  saw {string.Join(", ", term.Values.Select(static v => v ?? "no value"))}";

    private void Write(ExplainedTerm term, int indent)
    {
        var (mark, word) = term.Truth switch
        {
            TermTruth.Holds => ("yes", ""),
            TermTruth.HoldsNot => ("no ", ""),
            TermTruth.Undecided => ("?  ", ""),
            TermTruth.Failed => ("!  ", ""),
            _ => ("   ", "  (not asked)"),
        };
        var (name, parts) = ("", term.Parts);
        if (term.Values.Count == 0 && parts is [{ Parts.Count: 0 } only] && only.Truth == term.Truth)
        {
            (name, term, parts) = ($"{term.Text} = ", only, []); // a named ACL of one line, which fits into one
        }

        Line(indent, $"{mark} {name}{term.Text}{Saw(term)}{(term.Remark is { } remark ? $"  {remark}" : "")}{word}");
        foreach (var part in parts)
        {
            Write(part, indent + 2);
        }
    }

    private void Line(int indent, string text) => _text.Append(' ', indent).Append(text.TrimEnd()).Append('\n');
}

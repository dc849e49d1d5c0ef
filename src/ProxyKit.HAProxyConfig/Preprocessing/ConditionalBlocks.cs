using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>The <c>.if</c> blocks that a line of a file stands in.</summary>
internal sealed class ConditionalBlocks(ConditionFacts facts, ConfigVariables variables, DiagnosticList diagnostics)
{
    /// <summary>How deep blocks may stand in each other.</summary>
    public const int MaxDepth = 100;

    private enum Branch
    {
        /// <summary>No condition has held so far.</summary>
        Sought,

        /// <summary>Its lines are run.</summary>
        Taken,

        /// <summary>One was run, or the whole block stands in what is not.</summary>
        Done,
    }

    private readonly List<(Branch Branch, bool HasElse, Place Place)> _open = [];

    /// <summary>Whether lines are not run here.</summary>
    public bool Skips => _open.Count > 0 && _open[^1].Branch != Branch.Taken;

    public static bool IsDirective(string word) => word is ".if" or ".elif" or ".else" or ".endif";

    /// <summary>Runs a line that begins, divides or ends a block; false for any other.</summary>
    public bool TryRun(ConfigLine line)
    {
        switch (line.Words[0].Text)
        {
            case ".if":
                Begin(line);
                return true;
            case ".elif":
                ElseIf(line);
                return true;
            case ".else":
                Else(line);
                return true;
            case ".endif":
                EndIf(line);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The file ends.</summary>
    public void End(Place place)
    {
        foreach (var (_, _, begun) in _open)
        {
            Alert(place, $"unterminated '.if' block, begun at line {begun.Line}.");
        }
    }

    private void Begin(ConfigLine line)
    {
        if (_open.Count == MaxDepth)
        {
            Alert(line.Place, $"too many nested '.if', max is {MaxDepth}.");
            return;
        }

        _open.Add((Skips ? Branch.Done : Decide(line), false, line.Place));
    }

    private void ElseIf(ConfigLine line)
    {
        if (_open.Count == 0)
        {
            Alert(line.Place, "lone '.elif' with no matching '.if'.");
            return;
        }

        var (branch, hasElse, place) = _open[^1];
        if (hasElse)
        {
            Alert(line.Place, "'.elif' after '.else' is not permitted.");
        }

        _open[^1] = (branch == Branch.Sought && !hasElse ? Decide(line) : Branch.Done, hasElse, place);
    }

    private void Else(ConfigLine line)
    {
        if (_open.Count == 0)
        {
            Alert(line.Place, "lone '.else' with no matching '.if'.");
            return;
        }

        NoMore(line);
        var (branch, hasElse, place) = _open[^1];
        if (hasElse)
        {
            Alert(line.Place, "'.else' after '.else' is not permitted.");
        }

        _open[^1] = (branch == Branch.Sought && !hasElse ? Branch.Taken : Branch.Done, true, place);
    }

    private void EndIf(ConfigLine line)
    {
        if (_open.Count == 0)
        {
            Alert(line.Place, "lone '.endif' with no matching '.if'.");
            return;
        }

        NoMore(line);
        _open.RemoveAt(_open.Count - 1);
    }

    private Branch Decide(ConfigLine line)
    {
        var text = string.Join(' ', line.Words.Skip(1).Select(static w => w.Text));
        var holds = ConditionExpression.Evaluate(text, facts, variables, out var fault);
        if (fault is not null)
        {
            Alert(line.PlaceOf(1), $"unparsable conditional expression '{text}' in '{line.Words[0].Text}': {fault}.");
            return Branch.Done; // what it guards is as likely to be wrong as right
        }

        return holds ? Branch.Taken : Branch.Sought;
    }

    private void NoMore(ConfigLine line)
    {
        if (line.Words.Count > 1)
        {
            Alert(line.PlaceOf(1), $"'{line.Words[0].Text}' cannot handle unexpected argument '{line.Words[1].Text}'.");
        }
    }

    private void Alert(Place place, string message) => diagnostics.Narrow(DiagnosticSeverity.Alert, place, message);
}

using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Variables;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What gives variables of the process their first values.</summary>
internal static class GlobalVariableKeywords
{
    private const string Scope = "proc.";

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("set-var", Section.Global, "<name> <expr>", static s => Set(s, static s => Value.Parse(s[1], s.Language))),
        Keyword.Runs("set-var-fmt", Section.Global, "<name> <fmt>", static s => Set(s, static s => Value.Format(s[1], s.Language, FormatUse.Raw))),
    ];

    private static void Set(Statement s, Func<Statement, Expression> read)
    {
        if (!s[0].StartsWith(Scope, StringComparison.Ordinal))
        {
            s.Alert(0, $"'{s.Name}': cannot set variable '{s[0]}', only scope 'proc' is permitted in the global section.");
            return;
        }

        if (s[0].Length == Scope.Length || !s[0].All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'))
        {
            s.Alert(0, $"'{s.Name}': '{s[0]}' is no name of a variable: letters, digits, '_' and '.' follow 'proc.'.");
            return;
        }

        try
        {
            s.Model.Global.Variables.Add(new ProcessVariableOptions(s[0], read(s)) { Origin = s.Place.ToString() });
        }
        catch (RuleFaultException e)
        {
            s.Alert(1, $"'{s.Name}': {e.Message}.");
        }
    }
}

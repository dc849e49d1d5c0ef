using ProxyKit.Checks;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Variables;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads the steps of checks that write variables: <c>http-check set-var(check.port) int(8080)</c>.</summary>
internal static class CheckVariableWords
{
    public static IEnumerable<Keyword> Keywords(Section sections) =>
    [
        .. Both(sections, "set-var", "<expr>", static (s, name, when) =>
            CheckFormat.ReadExpression(s, 0) is { } value ? new SetVariableStep { Variable = name, Value = value, Conditions = when } : null),
        .. Both(sections, "set-var-fmt", "<fmt>", ReadFormat),
        .. Both(sections, "unset-var", "", static (_, name, _) => new UnsetVariableStep { Variable = name }),
    ];

    private static Keyword[] Both(Section sections, string name, string arguments, Func<Statement, string, VariableConditions, CheckStep?> read) =>
    [
        Keyword.Runs($"http-check {name}", sections, arguments, s => Read(s, isHttp: true, read)) with { TakesBrackets = true },
        Keyword.Runs($"tcp-check {name}", sections, arguments, s => Read(s, isHttp: false, read)) with { TakesBrackets = true },
    ];

    private static SetVariableStep? ReadFormat(Statement s, string name, VariableConditions when)
    {
        try
        {
            return new SetVariableStep { Variable = name, Value = Formats.Parse(s[0], s.Language, FormatUse.Raw), Conditions = when };
        }
        catch (RuleFaultException e)
        {
            s.Alert(0, $"'{s.Name}' : {e.Message}.");
            return null;
        }
    }

    private static void Read(Statement s, bool isHttp, Func<Statement, string, VariableConditions, CheckStep?> read)
    {
        try
        {
            var (name, when) = VariableActions.Read(ActionArguments.Brackets(s.Word));
            if (read(s, name, when) is { } step)
            {
                s.Check.Add(step, isHttp);
            }
        }
        catch (RuleFaultException e)
        {
            s.Alert($"'{s.Name}' : {e.Message}.");
        }
    }
}

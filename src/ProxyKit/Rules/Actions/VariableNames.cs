using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Actions;

/// <summary>Finds the variables that rules write.</summary>
internal static class VariableNames
{
    /// <exception cref="RuleFaultException">It is none, or lives no longer than what its rule is asked before.</exception>
    public static Variable Find(RuleCompiler compiler, string name)
    {
        var variable = compiler.VariableFor(name);
        return compiler.Phase is not (RulePhases.Connection or RulePhases.Session)
            || variable.Scope is VariableScope.Process or VariableScope.Session
            ? variable
            : throw new RuleFaultException($"variable '{name}' is not there before a request: only 'proc' and 'sess' can be used here");
    }
}

using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>What the variables of the process begin with, ready to be set when a configuration is put to use.</summary>
internal sealed class InitialVariables(IReadOnlyList<(Variable Variable, CompiledExpression Value)> variables)
{
    /// <summary>Sets them, in their order.</summary>
    /// <param name="failed">Is told what a user's fetch has thrown; its variable keeps what it has.</param>
    public void Set(Action<Exception> failed)
    {
        var context = new RuleContext();
        foreach (var (variable, value) in variables)
        {
            try
            {
                var sample = default(Sample);
                if (value.TryEvaluate(context, ref sample))
                {
                    variable.Set(context, in sample);
                }
            }
            catch (Exception e)
            {
                failed(e);
            }
        }
    }
}

using ProxyKit.Rules.Variables;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with what variables begin with. Whether a value can be had is found when the configuration is put to use.</summary>
internal static class VariableOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        foreach (var (variable, position) in root.Elements(nameof(options.Variables), options.Variables))
        {
            var path = root.In("variable", variable.Name, position);
            if (!VariableName.TryParse(variable.Name ?? "", out var name, out var fault))
            {
                path.Add(nameof(variable.Name), fault);
            }
            else if (name.Scope != VariableScope.Process)
            {
                path.Add(nameof(variable.Name), $"only variables of the process, as proc.{name.Name}, can have a value before there is a client");
            }

            if (variable.Value is null)
            {
                path.Add(nameof(variable.Value), "a value is needed");
            }
        }
    }
}

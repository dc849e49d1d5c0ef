using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Rules.Variables;

/// <summary>The name of a variable: its scope and, behind a dot, letters, digits, underscores and dots.</summary>
/// <param name="Scope">How long it lives.</param>
/// <param name="Name">The part behind the scope.</param>
internal readonly record struct VariableName(VariableScope Scope, string Name)
{
    /// <summary>Reads <c>txn.user</c>.</summary>
    public static bool TryParse(string text, out VariableName name, [NotNullWhen(false)] out string? fault)
    {
        name = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        VariableScope? scope = (dot < 0 ? text : text[..dot]) switch
        {
            "proc" => VariableScope.Process,
            "sess" => VariableScope.Session,
            "txn" => VariableScope.Transaction,
            "req" => VariableScope.Request,
            "res" => VariableScope.Response,
            "check" => VariableScope.Check,
            _ => null,
        };
        if (scope is null || dot < 0 || dot == text.Length - 1)
        {
            fault = $"invalid variable name '{text}'. A variable name must start with its scope. The scope can be 'proc', 'sess', 'txn', "
                + "'req', 'res' or 'check'";
            return false;
        }

        var part = text[(dot + 1)..];
        if (!part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'))
        {
            fault = $"invalid variable name '{text}'. Only letters, digits, '_' and '.' may follow the scope";
            return false;
        }

        name = new(scope.Value, part);
        fault = null;
        return true;
    }

    public override string ToString() => $"{ScopeName(Scope)}.{Name}";

    public static string ScopeName(VariableScope scope) => scope switch
    {
        VariableScope.Process => "proc",
        VariableScope.Session => "sess",
        VariableScope.Transaction => "txn",
        VariableScope.Request => "req",
        VariableScope.Response => "res",
        _ => "check",
    };
}

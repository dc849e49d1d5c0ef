namespace ProxyKit.Tool.CSharp;

/// <summary>The names of types in the code, and the namespaces they are in.</summary>
internal sealed class TypeNames
{
    private readonly SortedSet<string> _namespaces = new(
        Comparer<string>.Create(static (a, b) => (IsSystem(b).CompareTo(IsSystem(a)), string.CompareOrdinal(a, b)) switch
        {
            (0, var order) => order,
            var (system, _) => system,
        }));

    /// <summary>The namespaces of all types named so far, those of .NET first.</summary>
    public IEnumerable<string> Namespaces => _namespaces;

    /// <summary>The type's name, with its namespace noted.</summary>
    public string Of(Type type)
    {
        if (type.Namespace is { Length: > 0 } name)
        {
            _namespaces.Add(name);
        }

        return type.DeclaringType is { } outer ? $"{Of(outer)}.{type.Name}" : type.Name;
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}

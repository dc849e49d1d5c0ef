namespace ProxyKit.Rules;

/// <summary>Says a list of values: the one, or <c>one of a, b</c>.</summary>
internal static class OneOf
{
    public static string Text(IReadOnlyList<string> values) =>
        values.Count == 1 ? values[0] : "one of " + string.Join(", ", values);
}

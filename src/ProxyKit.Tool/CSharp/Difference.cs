using System.Collections;
using System.Reflection;

namespace ProxyKit.Tool.CSharp;

/// <summary>A property of options that is not what it is by default.</summary>
/// <param name="Property">The property.</param>
/// <param name="Kind">How it is set.</param>
/// <param name="Value">What it is; where it is a collection that can only be added to, what is added.</param>
internal sealed record Difference(PropertyInfo Property, DifferenceKind Kind, object? Value)
{
    public string Name => Property.Name;

    /// <summary>What differs within it, where it is an object that is always there.</summary>
    public IReadOnlyList<Difference> Members { get; init; } = [];

    /// <summary>What is added to a list.</summary>
    public IEnumerable<object?> Elements => ((IEnumerable)Value!).Cast<object?>(); // a list, where this is asked

    /// <summary>What is added to a dictionary.</summary>
    public IEnumerable<(object Key, object? Value)> Entries => ((IDictionary)Value!).Keys.Cast<object>().Select(key => (key, ((IDictionary)Value)[key]));

    /// <summary>Whether it can be set only where the object is made.</summary>
    public bool IsInitOnly => Kind == DifferenceKind.Assigned && Property.SetMethod is { } setter
        && setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}

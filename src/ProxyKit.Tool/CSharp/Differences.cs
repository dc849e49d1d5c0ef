using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using ProxyKit.Descriptions;
using ProxyKit.Frontends;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Tool.CSharp;

/// <summary>Compares options with fresh ones, property by property, so that what options learn tomorrow is told too.</summary>
internal static class Differences
{
    private const string Origin = nameof(RuleOptions.Origin);

    /// <summary>The properties in which an object is not like another one of its type.</summary>
    public static IEnumerable<Difference> Between(object value, object fresh)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !IsOrigin(property)
                && Between(property, property.GetValue(value), property.GetValue(fresh)) is { } difference)
            {
                yield return difference;
            }
        }
    }

    /// <summary>What was said about a described object after it was made, as records let one do.</summary>
    public static IEnumerable<Difference> SaidAfterwards(object value, object made) =>
        value.GetType() == made.GetType() ? Between(value, made).Where(static d => d.Kind == DifferenceKind.Assigned) : [];

    /// <summary>Where something was written, for a comment: the line of a file that code takes the place of. Null where it does not say.</summary>
    public static string? OriginOf(object? value) =>
        value?.GetType().GetProperty(Origin) is { } property && IsOrigin(property) ? (string?)property.GetValue(value) : null;

    /// <summary>A fresh object of a type, made of the properties of another one where it cannot be made of nothing.</summary>
    /// <param name="value">The other one.</param>
    /// <param name="given">The properties that were needed, in the order of the constructor.</param>
    /// <returns>Null where there is no way to make one.</returns>
    public static object? Fresh(object value, out IReadOnlyList<PropertyInfo> given)
    {
        foreach (var constructor in value.GetType().GetConstructors().OrderBy(static c => c.GetParameters().Length))
        {
            var properties = constructor.GetParameters().Select(p => Named(value.GetType(), p.Name)).ToArray();
            if (Array.TrueForAll(properties, static p => p is not null)
                && constructor.GetParameters().Index().All(p => properties[p.Index]!.PropertyType == p.Item.ParameterType)) // none is null
            {
                given = properties!;
                return constructor.Invoke([.. given.Select(p => p.GetValue(value))]);
            }
        }

        given = [];
        return null;
    }

    /// <summary>The property that a parameter is about, by its name.</summary>
    public static PropertyInfo? Named(Type type, string? name) =>
        type.GetProperty(name ?? "", BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    /// <summary>Whether two values say the same.</summary>
    public static bool AreSame(object? left, object? right) => (left, right) switch
    {
        _ when Equals(left, right) => true,
        (null, _) or (_, null) or (string, _) => false,
        (ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span),
        (IDescribed { Description: { } a }, IDescribed { Description: { } b }) =>
            a.Door == b.Door && a.Member == b.Member && AreSame(a.Arguments, b.Arguments) && !SaidAfterwards(left, right).Any(),
        (IDescribed, _) => false,
        (IDictionary a, IDictionary b) => a.Count == b.Count && a.Keys.Cast<object>().All(key => b.Contains(key) && AreSame(a[key], b[key])),
        (IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>(), EqualityComparer<object?>.Create(AreSame)),
        _ => left.GetType() == right.GetType() && IsOptions(left.GetType()) && !Between(left, right).Any(),
    };

    /// <summary>Whether a property has to be said whatever it is.</summary>
    public static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));

    /// <summary>What is left to comments.</summary>
    private static bool IsOrigin(PropertyInfo property) => property.Name == Origin && property.PropertyType == typeof(string)
        && property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static Difference? Between(PropertyInfo property, object? value, object? fresh)
    {
        if (property.SetMethod is { IsPublic: true })
        {
            return AreSame(value, fresh) && !IsRequired(property) ? null : new(property, DifferenceKind.Assigned, value);
        }

        switch (value)
        {
            case null or string:
                return null;
            case IDictionary entries:
                return entries.Count == 0 ? null : new(property, DifferenceKind.Entries, entries);
            case IEnumerable elements:
                var added = elements.Cast<object?>().Skip((fresh as IEnumerable)?.Cast<object?>().Count() ?? 0).ToArray();
                return added.Length == 0 ? null : new(property, DifferenceKind.Elements, added);
            case var inner when fresh is not null && IsOptions(inner.GetType()) && Between(inner, fresh).ToArray() is { Length: > 0 } members:
                return new(property, DifferenceKind.Members, inner) { Members = members };
            default:
                return null; // what is only told: it follows from the others
        }
    }

    private static bool IsOptions(Type type) => type is { IsClass: true } && !typeof(IDescribed).IsAssignableFrom(type)
        && type.Namespace?.StartsWith(nameof(ProxyKit), StringComparison.Ordinal) == true && type.GetConstructors().Length > 0;
}

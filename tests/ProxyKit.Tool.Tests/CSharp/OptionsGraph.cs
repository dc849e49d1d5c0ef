using System.Collections;
using System.Globalization;
using System.Reflection;
using ProxyKit.Descriptions;

namespace ProxyKit.Tool.Tests.CSharp;

/// <summary>Tells options as lines of "path = value", so that two can be compared and a difference has a place.</summary>
internal static class OptionsGraph
{
    public static IReadOnlyList<string> Lines(object options)
    {
        var lines = new List<string>();
        Tell("", options, lines);
        return lines;
    }

    private static void Tell(string path, object? value, List<string> lines)
    {
        switch (value)
        {
            case ReadOnlyMemory<byte> bytes:
                lines.Add($"{path} = {Convert.ToHexString(bytes.Span)}");
                break;
            case null or string or ValueType:
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{path} = {value ?? "null"}"));
                break;
            case TimeZoneInfo zone:
                lines.Add($"{path} = {zone.Id}");
                break;
            case IDescribed described:
                lines.Add($"{path} = {described}");
                Tell($"{path}>{described.Description?.Member}", described.Description?.Arguments.ToArray(), lines);
                break;
            case IDictionary entries:
                foreach (var key in entries.Keys.Cast<object>().OrderBy(static k => k.ToString(), StringComparer.Ordinal))
                {
                    Tell($"{path}[{key}]", path.EndsWith(".Acls", StringComparison.Ordinal) ? WithoutName(entries[key]) : entries[key], lines);
                }

                break;
            case IEnumerable elements:
                foreach (var (i, element) in elements.Cast<object?>().Index())
                {
                    Tell($"{path}[{i}]", element, lines);
                }

                break;
            default:
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    if (property.Name != "Origin") // a line of the file that the code takes the place of
                    {
                        Tell($"{path}.{property.Name}", property.GetValue(value), lines);
                    }
                }

                break;
        }
    }

    /// <summary>An ACL may be kept with the name it goes by anyway.</summary>
    private static object? WithoutName(object? condition) =>
        condition is IDescribed { Description: { Member: nameof(Match.Named), Arguments: [_, var inner] } } ? inner : condition;
}

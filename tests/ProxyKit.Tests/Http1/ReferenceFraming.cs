using System.Globalization;
using System.Numerics;

namespace ProxyKit.Tests.Http1;

/// <summary>What the framing fields of a message mean, for the reference readers.</summary>
internal static class ReferenceFraming
{
    /// <summary>Reads the fields, leaves one of each, and says the body's framing: "chunked", the length, or null.</summary>
    public static string? Read(List<(string Name, string Value)> fields, out bool hadBoth)
    {
        var lengths = Take(fields, "content-length");
        var codings = Take(fields, "transfer-encoding");
        string? framing = null;
        hadBoth = lengths.Count > 0 && codings.Count > 0;
        if (lengths.Count > 0)
        {
            framing = Length(lengths);
            Keep(fields, "content-length", framing);
        }

        if (codings.Count > 0)
        {
            var all = codings.ConvertAll(coding => coding.ToLowerInvariant());
            if (all.Contains("") || all.IndexOf("chunked") != all.Count - 1)
            {
                throw new ReferenceCursor.Stop(400);
            }

            if (all.Count > 1)
            {
                throw new ReferenceCursor.Stop(422);
            }

            Keep(fields, "transfer-encoding", "chunked");
            Drop(fields, "content-length");
            framing = "chunked";
        }

        return framing;
    }

    public static void Drop(List<(string Name, string Value)> fields, string name) => fields.RemoveAll(field => Is(field.Name, name));

    /// <summary>Leaves the first field of a name, with another value.</summary>
    public static void Keep(List<(string Name, string Value)> fields, string name, string value)
    {
        var first = fields.FindIndex(field => Is(field.Name, name));
        fields[first] = (fields[first].Name, value);
        for (var i = fields.Count - 1; i > first; i--)
        {
            if (Is(fields[i].Name, name))
            {
                fields.RemoveAt(i);
            }
        }
    }

    /// <summary>The elements of all fields of a name.</summary>
    public static List<string> Take(List<(string Name, string Value)> fields, string name) =>
        [.. fields.Where(f => Is(f.Name, name)).SelectMany(f => f.Value.Split(',')).Select(ReferenceCursor.Trim)];

    public static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Length(List<string> elements)
    {
        if (elements.Exists(element => element.Length == 0 || !element.All(char.IsAsciiDigit)))
        {
            throw new ReferenceCursor.Stop(400);
        }

        var numbers = elements.ConvertAll(element => BigInteger.Parse(element, CultureInfo.InvariantCulture)).Distinct().ToList();
        return numbers is [var number] && number <= ulong.MaxValue
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new ReferenceCursor.Stop(400);
    }
}

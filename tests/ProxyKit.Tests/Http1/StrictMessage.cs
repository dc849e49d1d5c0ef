using System.Globalization;
using System.Text.RegularExpressions;

namespace ProxyKit.Tests.Http1;

/// <summary>A head as the strictest of readers reads it: by the letter of RFC 9112, with nothing forgiven. Written apart from the parser,
/// to check what is sent.</summary>
/// <param name="StartLine">The start line.</param>
/// <param name="Fields">Names and values in their order.</param>
/// <param name="Framing">"chunked", the length, or null for none.</param>
internal sealed partial record StrictMessage(string StartLine, IReadOnlyList<(string Name, string Value)> Fields, string? Framing)
{
    public static StrictMessage Read(string head, bool isRequest)
    {
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        var lines = head[..^4].Split("\r\n");
        Assert.Matches(isRequest ? RequestLine() : StatusLine(), lines[0]);
        var fields = new List<(string Name, string Value)>();
        foreach (var line in lines[1..])
        {
            Assert.Matches(FieldLine(), line);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        Assert.InRange(isRequest ? Values(fields, "host").Count : 0, 0, 1);
        return new(lines[0], fields, FramingOf(fields));
    }

    private static string? FramingOf(List<(string Name, string Value)> fields)
    {
        var lengths = Values(fields, "content-length");
        var codings = Values(fields, "transfer-encoding");
        Assert.InRange(lengths.Count + codings.Count, 0, 1);
        if (codings is [var coding])
        {
            Assert.Equal("chunked", coding);
            return coding;
        }

        if (lengths is not [var length])
        {
            return null;
        }

        Assert.Equal(length, ulong.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        return length;
    }

    private static List<string> Values(List<(string Name, string Value)> fields, string name) =>
        [.. fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value)];

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21\x22\x24-\x7e]+ HTTP/1\.[01]\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\AHTTP/1\.[01] [1-9][0-9][0-9] [\t\x20-\x7e\x80-\xff]*\z")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\z")]
    private static partial Regex FieldLine();
}

using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Formats in checks, which know no request: those that are always the same text.</summary>
internal static class CheckFormat
{
    /// <summary>Reads a format that is always the same text; says so where it is another.</summary>
    public static bool TryLiteral(Statement s, int index, string format, [NotNullWhen(true)] out string? text)
    {
        text = Literal(format);
        if (text is null)
        {
            s.Alert(index, $"'{s.Name}' : a format that is not always the same text ('{format}') is not supported yet.");
        }

        return text is not null;
    }

    /// <summary>The text; null where it is not always the same.</summary>
    public static string? Literal(string format)
    {
        var rest = format.Replace("%%", "", StringComparison.Ordinal);
        return rest.Contains('%', StringComparison.Ordinal) ? null : format.Replace("%%", "%", StringComparison.Ordinal);
    }
}

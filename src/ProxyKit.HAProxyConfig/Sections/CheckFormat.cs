using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A format in a check. One that is always the same text is that text.</summary>
internal readonly record struct CheckFormat
{
    /// <summary>The text; null where there is a <see cref="Made"/> one, or none was written.</summary>
    public string? Text { get; init; }

    /// <summary>What makes the text anew for each check; null where it is always the same.</summary>
    public Expression? Made { get; private init; }

    /// <summary>Reads a format; says so where it is none.</summary>
    public static bool TryRead(Statement s, int index, out CheckFormat format, FormatUse use = FormatUse.Raw)
    {
        format = default;
        var text = s[index];
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            format = new CheckFormat { Text = text };
            return true;
        }

        try
        {
            format = text.Replace("%%", "", StringComparison.Ordinal).Contains('%', StringComparison.Ordinal)
                ? new CheckFormat { Made = Formats.Parse(text, s.Language, use) }
                : new CheckFormat { Text = text.Replace("%%", "%", StringComparison.Ordinal) };
            return true;
        }
        catch (RuleFaultException e)
        {
            s.Alert(index, $"'{s.Name}' : {e.Message}.");
            return false;
        }
    }

    /// <summary>Reads an expression; says so where it is none.</summary>
    public static Expression? ReadExpression(Statement s, int index)
    {
        try
        {
            return s[index].Length == 0 ? throw new RuleFaultException("missing fetch method") : Value.Parse(s[index], s.Language);
        }
        catch (RuleFaultException e)
        {
            s.Alert(index, $"'{s.Name}' : {e.Message}.");
            return null;
        }
    }
}

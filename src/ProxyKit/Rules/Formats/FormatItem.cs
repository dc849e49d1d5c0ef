using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Formats;

/// <summary>A piece of a format as it was read: exactly one of a text, an alias or an expression; a blank that merges with others where it is
/// none of them.</summary>
internal sealed class FormatItem
{
    public string? Text { get; init; }

    public FormatAlias? Alias { get; init; }

    public Expression? Expression { get; init; }

    public FormatFlags Flags { get; init; }

    /// <summary>The key of the value in a format that is encoded as a whole; empty for none.</summary>
    public string Name { get; init; } = "";

    public FormatCast Cast { get; init; }
}

namespace ProxyKit.Rules.Formats;

/// <summary>A fact that formats can name by a few letters.</summary>
/// <param name="name">The letters.</param>
/// <param name="write">Writes it.</param>
internal sealed class FormatAlias(string name, FormatAliasWriter write)
{
    public string Name => name;

    public FormatAliasWriter Write => write;

    /// <summary>Whether only requests have it, so that a TCP proxy must not name it.</summary>
    public bool NeedsHttp { get; init; }
}

/// <summary>Writes a fact of an exchange.</summary>
internal delegate void FormatAliasWriter(scoped in FormatFacts facts, ref FormatWriter writer);

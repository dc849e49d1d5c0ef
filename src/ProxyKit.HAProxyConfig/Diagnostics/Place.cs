namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>A place in a configuration.</summary>
/// <param name="File">The file, as it was named to the reader.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The first byte of the word, from 1; 0 for the line as a whole.</param>
internal readonly record struct Place(string File, int Line, int Column = 0)
{
    /// <summary>As rules carry it: <c>gateway.cfg:12</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}");
}

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>A word of a line, its quotes, escapes and variables resolved.</summary>
/// <param name="Text">The word; empty where there was nothing between quotes.</param>
/// <param name="Column">Where it begins in the line as written, in bytes from 1.</param>
internal readonly record struct Word(string Text, int Column);

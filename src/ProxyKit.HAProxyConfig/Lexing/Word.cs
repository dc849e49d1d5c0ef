namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>A word of a line, its quotes, escapes and variables resolved.</summary>
/// <param name="Text">The word; empty where there was nothing between quotes.</param>
/// <param name="Column">Where it begins in the line as written, in bytes from 1.</param>
/// <param name="IsQuoted">Whether one pair of quotes is around all of it, so that nobody can be mistaken about where it ends.</param>
internal readonly record struct Word(string Text, int Column, bool IsQuoted = false);

namespace ProxyKit.Rules.Acls;

/// <summary>A line of a file of patterns.</summary>
/// <param name="Key">The pattern.</param>
/// <param name="Value">What the map has for it; null in a list without values.</param>
/// <param name="Number">Its number, from 1.</param>
internal readonly record struct PatternLine(byte[] Key, PatternValue? Value, int Number);

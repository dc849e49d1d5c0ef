namespace ProxyKit.Rules.Formats;

/// <summary>The formats of a frontend as its options have them; null for those that are not given.</summary>
internal readonly record struct FormatTexts(string? AccessLog, string? ErrorLog, string? UniqueId, string? UniqueIdHeader);

namespace ProxyKit.Rules.Explaining;

/// <summary>What is known of a client that is only described.</summary>
/// <param name="IsSecure">Whether it came over TLS that ends here.</param>
/// <param name="PassesTls">Whether what it sends is TLS that ends at a server.</param>
/// <param name="ServerName">The name that its TLS asks for; null for none.</param>
internal sealed record TraceFacts(bool IsSecure, bool PassesTls, string? ServerName);

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>A configuration file and what is in it.</summary>
/// <param name="Name">As it was named to the reader; messages have it so.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record ConfigFile(string Name, byte[] Content);

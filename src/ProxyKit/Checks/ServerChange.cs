using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>A server's state has changed.</summary>
/// <param name="Server">The server.</param>
/// <param name="Status">Its state now, as <see cref="Backends.Server.Status"/> has it.</param>
/// <param name="Message">The line of the log.</param>
public sealed record ServerChange(Server Server, string Status, string Message);

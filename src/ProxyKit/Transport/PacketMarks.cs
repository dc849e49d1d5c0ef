namespace ProxyKit.Transport;

/// <summary>How the packets of a connection are told from others; null leaves them as they are.</summary>
/// <param name="Mark">For the system's routing and filters.</param>
/// <param name="TypeOfService">For routers on the way: IPv4's type of service, IPv6's traffic class.</param>
internal readonly record struct PacketMarks(uint? Mark, byte? TypeOfService);

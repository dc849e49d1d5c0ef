namespace ProxyKit.Resolvers;

/// <summary>One nameserver. HAProxy: <c>nameserver</c>.</summary>
public sealed class NameserverOptions
{
    /// <summary>The name, for logs; unique in its group.</summary>
    public required string Name { get; init; }

    /// <summary>The IP address and the port: <c>10.0.0.53:53</c>, <c>[2001:db8::53]:53</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Whether it is asked over TCP from the first. HAProxy: <c>tcp@</c> in front of the address.</summary>
    /// <value>False by default: over UDP, and over TCP for answers that do not fit there.</value>
    public bool UsesTcp { get; set; }
}

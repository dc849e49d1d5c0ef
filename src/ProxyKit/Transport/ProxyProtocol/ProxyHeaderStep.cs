using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>What the first bytes of a connection come to: a header, a fault, or so many bytes that have to follow in any case.</summary>
internal readonly record struct ProxyHeaderStep(ProxyHeader? Header, ProxyHeaderFault Fault, int Needed)
{
    /// <summary>Whether the header is whole or never will be.</summary>
    public bool IsOver => Needed == 0;

    /// <summary>Whether there is one.</summary>
    [MemberNotNullWhen(true, nameof(Header))]
    public bool HasHeader => Header is not null;

    public static ProxyHeaderStep Whole(ProxyHeader header) => new(header, ProxyHeaderFault.None, 0);

    public static ProxyHeaderStep Failed(ProxyHeaderFault fault) => new(null, fault, 0);

    /// <summary>So many more bytes belong to it, whatever they are; at least one.</summary>
    public static ProxyHeaderStep Needs(int bytes) => new(null, ProxyHeaderFault.None, bytes);
}

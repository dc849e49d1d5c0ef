namespace ProxyKit.Transport;

/// <summary>What is kept of the first packet of each connection, its SYN. HAProxy: <c>tcp-ss</c>.</summary>
public enum SavedPacket
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>From the header of IP on. HAProxy: <c>1</c>.</summary>
    FromIP,

    /// <summary>From the header of Ethernet, or whatever the link has, on. HAProxy: <c>2</c>.</summary>
    FromLink,
}

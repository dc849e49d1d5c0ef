namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Faults of headers in words: HAProxy's names for them, and what logs say.</summary>
internal static class ProxyHeaderFaultText
{
    /// <summary>The name that <c>fc_err_name</c> gives.</summary>
    public static ReadOnlySpan<byte> NameOf(ProxyHeaderFault fault) => fault switch
    {
        ProxyHeaderFault.Empty => "PRX_EMPTY"u8,
        ProxyHeaderFault.Aborted => "PRX_ABORT"u8,
        ProxyHeaderFault.TimedOut => "PRX_TIMEOUT"u8,
        ProxyHeaderFault.Truncated => "PRX_TRUNCATED"u8,
        ProxyHeaderFault.NotAHeader => "PRX_NOT_HDR"u8,
        ProxyHeaderFault.Invalid => "PRX_BAD_HDR"u8,
        ProxyHeaderFault.UnknownProtocol => "PRX_BAD_PROTO"u8,
        ProxyHeaderFault.NetScalerEmpty => "CIP_EMPTY"u8,
        ProxyHeaderFault.NetScalerAborted => "CIP_ABORT"u8,
        ProxyHeaderFault.NetScalerTimedOut => "CIP_TIMEOUT"u8,
        ProxyHeaderFault.NetScalerTruncated => "CIP_TRUNCATED"u8,
        ProxyHeaderFault.NetScalerBadMagic => "CIP_BAD_MAGIC"u8,
        ProxyHeaderFault.NetScalerUnknownProtocol => "CIP_BAD_PROTO"u8,
        _ => default,
    };

    /// <summary>The sentence that <c>fc_err_str</c> and logs give.</summary>
    public static string Of(ProxyHeaderFault fault) => fault switch
    {
        ProxyHeaderFault.Empty => "Connection closed while waiting for PROXY protocol header",
        ProxyHeaderFault.Aborted => "Connection error while waiting for PROXY protocol header",
        ProxyHeaderFault.TimedOut => "Timeout while waiting for PROXY protocol header",
        ProxyHeaderFault.Truncated => "Truncated PROXY protocol header received",
        ProxyHeaderFault.NotAHeader => "Received something which does not look like a PROXY protocol header",
        ProxyHeaderFault.Invalid => "Received an invalid PROXY protocol header",
        ProxyHeaderFault.UnknownProtocol => "Received an unhandled protocol in the PROXY protocol header",
        ProxyHeaderFault.NetScalerEmpty => "Connection closed while waiting for NetScaler Client IP header",
        ProxyHeaderFault.NetScalerAborted => "Connection error while waiting for NetScaler Client IP header",
        ProxyHeaderFault.NetScalerTimedOut => "Timeout while waiting for a NetScaler Client IP header",
        ProxyHeaderFault.NetScalerTruncated => "Truncated NetScaler Client IP header received",
        ProxyHeaderFault.NetScalerBadMagic => "Received an invalid NetScaler Client IP magic number",
        ProxyHeaderFault.NetScalerUnknownProtocol => "Received an unhandled protocol in the NetScaler Client IP header",
        _ => "Success",
    };
}

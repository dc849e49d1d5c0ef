using System.Text;

namespace ProxyKit.Http;

/// <summary>The header fields that ProxyKit itself looks at.</summary>
internal enum KnownHeader : byte
{
    None,
    Accept,
    Authorization,
    Connection,
    ContentLength,
    ContentType,
    Cookie,
    Date,
    Expect,
    Forwarded,
    Host,
    Http2Settings,
    KeepAlive,
    Location,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyConnection,
    SecWebSocketAccept,
    SecWebSocketKey,
    Server,
    SetCookie,
    Te,
    Trailer,
    TransferEncoding,
    Upgrade,
    UserAgent,
    WwwAuthenticate,
    XForwardedFor,
    XForwardedHost,
    XForwardedProto,
}

/// <summary>Finds the id of a header name.</summary>
internal static class KnownHeaders
{
    /// <summary>The id of a name in any case; <see cref="KnownHeader.None"/> for the others.</summary>
    public static KnownHeader Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Match(name, "te"u8, KnownHeader.Te),
        4 => (name[0] | 0x20) switch
        {
            'h' => Match(name, "host"u8, KnownHeader.Host),
            _ => Match(name, "date"u8, KnownHeader.Date),
        },
        6 => (name[0] | 0x20) switch
        {
            'c' => Match(name, "cookie"u8, KnownHeader.Cookie),
            'a' => Match(name, "accept"u8, KnownHeader.Accept),
            'e' => Match(name, "expect"u8, KnownHeader.Expect),
            _ => Match(name, "server"u8, KnownHeader.Server),
        },
        7 => (name[0] | 0x20) switch
        {
            'u' => Match(name, "upgrade"u8, KnownHeader.Upgrade),
            _ => Match(name, "trailer"u8, KnownHeader.Trailer),
        },
        8 => Match(name, "location"u8, KnownHeader.Location),
        9 => Match(name, "forwarded"u8, KnownHeader.Forwarded),
        10 => (name[0] | 0x20) switch
        {
            'c' => Match(name, "connection"u8, KnownHeader.Connection),
            'u' => Match(name, "user-agent"u8, KnownHeader.UserAgent),
            's' => Match(name, "set-cookie"u8, KnownHeader.SetCookie),
            _ => Match(name, "keep-alive"u8, KnownHeader.KeepAlive),
        },
        12 => Match(name, "content-type"u8, KnownHeader.ContentType),
        13 => Match(name, "authorization"u8, KnownHeader.Authorization),
        14 => (name[0] | 0x20) switch
        {
            'c' => Match(name, "content-length"u8, KnownHeader.ContentLength),
            _ => Match(name, "http2-settings"u8, KnownHeader.Http2Settings),
        },
        15 => Match(name, "x-forwarded-for"u8, KnownHeader.XForwardedFor),
        16 => (name[0] | 0x20) switch
        {
            'x' => Match(name, "x-forwarded-host"u8, KnownHeader.XForwardedHost),
            'p' => Match(name, "proxy-connection"u8, KnownHeader.ProxyConnection),
            _ => Match(name, "www-authenticate"u8, KnownHeader.WwwAuthenticate),
        },
        17 => (name[0] | 0x20) switch
        {
            't' => Match(name, "transfer-encoding"u8, KnownHeader.TransferEncoding),
            'x' => Match(name, "x-forwarded-proto"u8, KnownHeader.XForwardedProto),
            _ => Match(name, "sec-websocket-key"u8, KnownHeader.SecWebSocketKey),
        },
        18 => Match(name, "proxy-authenticate"u8, KnownHeader.ProxyAuthenticate),
        19 => Match(name, "proxy-authorization"u8, KnownHeader.ProxyAuthorization),
        20 => Match(name, "sec-websocket-accept"u8, KnownHeader.SecWebSocketAccept),
        _ => KnownHeader.None,
    };

    private static KnownHeader Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected, KnownHeader id) =>
        Ascii.EqualsIgnoreCase(name, expected) ? id : KnownHeader.None;
}

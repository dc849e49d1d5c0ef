using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Reads the fields about the connection itself: Connection and Upgrade.</summary>
internal static class ConnectionFields
{
    /// <summary>What all Connection fields say together (RFC 9110 §7.6.1).</summary>
    public static ConnectionOptions Read(HeaderBlock headers)
    {
        var options = ConnectionOptions.None;
        for (var index = headers.IndexOf(KnownHeader.Connection); index >= 0; index = headers.IndexOf(KnownHeader.Connection, index + 1))
        {
            foreach (var element in new ListElements(headers.ValueAt(index)))
            {
                options |= Option(element);
            }
        }

        return options;
    }

    /// <summary>Whether a request that asks to become a WebSocket (RFC 6455 §4.1) has a key that can be answered.</summary>
    public static Refusal? CheckWebSocket(HeaderBlock headers)
    {
        for (var index = headers.IndexOf(KnownHeader.Upgrade); index >= 0; index = headers.IndexOf(KnownHeader.Upgrade, index + 1))
        {
            foreach (var element in new ListElements(headers.ValueAt(index)))
            {
                if (Ascii.EqualsIgnoreCase(element, "websocket"u8))
                {
                    return HasOneKey(headers) ? null : Refusal.WebSocketKey;
                }
            }
        }

        return null;
    }

    private static bool HasOneKey(HeaderBlock headers)
    {
        const int KeyLength = 24; // 16 bytes in base64
        var index = headers.IndexOf(KnownHeader.SecWebSocketKey);
        if (index < 0 || headers.IndexOf(KnownHeader.SecWebSocketKey, index + 1) >= 0)
        {
            return false;
        }

        var key = headers.ValueAt(index);
        return key.Length == KeyLength && key.EndsWith("=="u8) && !key[..^2].ContainsAnyExcept(Octets.Base64);
    }

    private static ConnectionOptions Option(ReadOnlySpan<byte> element) => element.Length switch
    {
        0 => ConnectionOptions.None,
        5 when Ascii.EqualsIgnoreCase(element, "close"u8) => ConnectionOptions.Close,
        7 when Ascii.EqualsIgnoreCase(element, "upgrade"u8) => ConnectionOptions.Upgrade,
        10 when Ascii.EqualsIgnoreCase(element, "keep-alive"u8) => ConnectionOptions.KeepAlive,
        _ => ConnectionOptions.Others,
    };
}

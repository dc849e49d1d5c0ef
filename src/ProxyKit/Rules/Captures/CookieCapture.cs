using ProxyKit.Http;

namespace ProxyKit.Rules.Captures;

/// <summary>Finds the cookie to capture: the first one whose name begins as it should, with its name and value as they stand.</summary>
internal static class CookieCapture
{
    /// <summary>Looks through the <c>Cookie</c> fields.</summary>
    public static bool TryFindInRequest(HeaderBlock headers, ReadOnlySpan<byte> start, out ReadOnlySpan<byte> cookie)
    {
        for (var i = headers.IndexOf(KnownHeader.Cookie); i >= 0; i = headers.IndexOf(KnownHeader.Cookie, i + 1))
        {
            var rest = headers.ValueAt(i);
            while (!rest.IsEmpty)
            {
                var end = EndOf(rest);
                cookie = rest[..end].Trim(" \t"u8);
                if (cookie.StartsWith(start))
                {
                    return true;
                }

                rest = end == rest.Length ? default : rest[(end + 1)..];
            }
        }

        cookie = default;
        return false;
    }

    /// <summary>Looks through the <c>Set-Cookie</c> fields, each of one cookie and its attributes.</summary>
    public static bool TryFindInResponse(HeaderBlock headers, ReadOnlySpan<byte> start, out ReadOnlySpan<byte> cookie)
    {
        for (var i = headers.IndexOf(KnownHeader.SetCookie); i >= 0; i = headers.IndexOf(KnownHeader.SetCookie, i + 1))
        {
            var value = headers.ValueAt(i);
            cookie = value[..EndOf(value)].Trim(" \t"u8);
            if (cookie.StartsWith(start))
            {
                return true;
            }
        }

        cookie = default;
        return false;
    }

    /// <summary>Where the semicolon is that ends a cookie; one within quotes does not.</summary>
    private static int EndOf(ReadOnlySpan<byte> cookies)
    {
        var isQuoted = false;
        for (var i = 0; i < cookies.Length; i++)
        {
            if (cookies[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (cookies[i] == ';' && !isQuoted)
            {
                return i;
            }
        }

        return cookies.Length;
    }
}

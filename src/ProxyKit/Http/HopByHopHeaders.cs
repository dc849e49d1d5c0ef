using System.Text;

namespace ProxyKit.Http;

/// <summary>The fields that belong to one connection and not to the message: read on the way in, written anew on the way out
/// (RFC 9110 §7.6.1, and HAProxy's habits where the RFC leaves room).</summary>
internal static class HopByHopHeaders
{
    /// <summary>Takes out what a message says of its own connection and nothing else: that was read, and is no business of rules. As HAProxy does.</summary>
    /// <param name="headers">The message's fields.</param>
    /// <param name="said">What it says.</param>
    public static void HideOwn(HeaderBlock headers, ConnectionOptions said)
    {
        if ((said & (ConnectionOptions.Close | ConnectionOptions.KeepAlive)) != 0 && (said & ~(ConnectionOptions.Close | ConnectionOptions.KeepAlive)) == 0)
        {
            headers.RemoveAll(KnownHeader.Connection);
        }
    }

    /// <summary>Makes a request's fields fit for the connection to a server.</summary>
    /// <param name="request">The request.</param>
    /// <param name="closes">Whether the server's connection is to be closed after the response.</param>
    /// <param name="hidesClose">Whether the server is not told of that.</param>
    public static void PrepareRequest(RequestHead request, bool closes, bool hidesClose = false)
    {
        var headers = request.Headers;
        closes = !hidesClose && (closes || (request.Connection & ConnectionOptions.ClosedByRule) != 0);
        var upgrades = DropUnaskedUpgrade(headers, request.Connection);
        ReduceTe(headers);
        if (request is { Protocol: HttpProtocol.Http10, Framing: BodyFraming.Chunked })
        {
            request.IsSentAsHttp11 = true;
            request.IsStartLineClean = false;
        }

        var ownToken = (request.Protocol == HttpProtocol.Http11 || request.IsSentAsHttp11, closes) switch
        {
            (true, true) => ConnectionOptions.Close,
            (false, false) => ConnectionOptions.KeepAlive,
            _ => ConnectionOptions.None,
        };
        RewriteConnection(headers, request.Connection, upgrades, ownToken);
    }

    /// <summary>Makes a response's fields fit for the connection to the client.</summary>
    /// <param name="response">The response.</param>
    /// <param name="clientProtocol">The version of the request.</param>
    /// <param name="closes">Whether the client's connection is to be closed after the response.</param>
    /// <param name="upgrades">Whether the connection becomes a tunnel with this response.</param>
    public static void PrepareResponse(ResponseHead response, HttpProtocol clientProtocol, bool closes, bool upgrades)
    {
        var ownToken = (response.Protocol, clientProtocol, closes) switch
        {
            _ when upgrades => ConnectionOptions.None,
            (HttpProtocol.Http11, _, true) => ConnectionOptions.Close,
            (HttpProtocol.Http10, _, true) => ConnectionOptions.None,
            (HttpProtocol.Http11, HttpProtocol.Http11, false) => ConnectionOptions.None,
            _ => ConnectionOptions.KeepAlive,
        };
        RewriteConnection(response.Headers, response.Connection, upgrades, ownToken);
    }

    /// <summary>Whether the request's Upgrade stands: the token and the field are both there. One without the other is dropped,
    /// and so are offers of HTTP/2, which this connection does not speak.</summary>
    private static bool DropUnaskedUpgrade(HeaderBlock headers, ConnectionOptions connection)
    {
        var index = headers.IndexOf(KnownHeader.Upgrade);
        if (index < 0)
        {
            return false;
        }

        var asked = (connection & ConnectionOptions.Upgrade) != 0;
        var stands = false;
        for (; index >= 0; index = headers.IndexOf(KnownHeader.Upgrade, index + 1))
        {
            if (!asked || OffersHttp2(headers.ValueAt(index)))
            {
                headers.RemoveAt(index);
            }
            else
            {
                stands = true;
            }
        }

        if (!stands)
        {
            headers.RemoveAll(KnownHeader.Http2Settings);
        }

        return stands;
    }

    private static bool OffersHttp2(ReadOnlySpan<byte> value)
    {
        foreach (var token in new ListElements(value))
        {
            if (Ascii.EqualsIgnoreCase(token, "h2c"u8) || Ascii.EqualsIgnoreCase(token, "h2"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of TE only "trailers" is passed on: the other codings were this connection's.</summary>
    private static void ReduceTe(HeaderBlock headers)
    {
        var index = headers.IndexOf(KnownHeader.Te);
        if (index < 0)
        {
            return;
        }

        var wantsTrailers = false;
        var isReduced = true;
        for (; index >= 0; index = headers.IndexOf(KnownHeader.Te, index + 1))
        {
            foreach (var coding in new ListElements(headers.ValueAt(index)))
            {
                var isTrailers = Ascii.EqualsIgnoreCase(coding, "trailers"u8);
                isReduced &= isTrailers && !wantsTrailers;
                wantsTrailers |= isTrailers;
            }
        }

        if (!isReduced)
        {
            headers.RemoveAll(KnownHeader.Te);
            if (wantsTrailers)
            {
                headers.Add("te"u8, "trailers"u8);
            }
        }
    }

    /// <summary>Takes close and keep-alive out of the Connection fields, and upgrade where it does not stand, keeps the other tokens,
    /// and adds what this side has to say.</summary>
    private static void RewriteConnection(HeaderBlock headers, ConnectionOptions said, bool upgrades, ConnectionOptions ownToken)
    {
        var first = headers.IndexOf(KnownHeader.Connection);
        if (first < 0)
        {
            Add(headers, ownToken);
            return;
        }

        var drops = ConnectionOptions.Close | ConnectionOptions.KeepAlive | (upgrades ? 0 : ConnectionOptions.Upgrade);
        if ((said & (drops | ConnectionOptions.Edited)) == 0 && ownToken == ConnectionOptions.None)
        {
            return; // nothing of ours in it: it passes as it is
        }

        if ((said & ~drops) == 0)
        {
            headers.RemoveAll(KnownHeader.Connection);
            Add(headers, ownToken);
            return;
        }

        MergeOthers(headers, first, upgrades, ownToken);
    }

    private static void MergeOthers(HeaderBlock headers, int first, bool upgrades, ConnectionOptions ownToken)
    {
        var merged = new StringBuilder();
        for (var index = first; index >= 0; index = headers.IndexOf(KnownHeader.Connection, index + 1))
        {
            foreach (var token in new ListElements(headers.ValueAt(index)))
            {
                if (token.IsEmpty || Ascii.EqualsIgnoreCase(token, "close"u8) || Ascii.EqualsIgnoreCase(token, "keep-alive"u8)
                    || (!upgrades && Ascii.EqualsIgnoreCase(token, "upgrade"u8)))
                {
                    continue;
                }

                Append(merged, Encoding.Latin1.GetString(token));
            }
        }

        if (ownToken != ConnectionOptions.None)
        {
            Append(merged, ownToken == ConnectionOptions.Close ? "close" : "keep-alive");
        }

        headers.RemoveAll(KnownHeader.Connection);
        if (merged.Length > 0)
        {
            headers.Add("connection"u8, Encoding.Latin1.GetBytes(merged.ToString()));
        }
    }

    private static void Append(StringBuilder merged, string token)
    {
        if (merged.Length > 0)
        {
            merged.Append(", ");
        }

        merged.Append(token);
    }

    private static void Add(HeaderBlock headers, ConnectionOptions token)
    {
        if (token == ConnectionOptions.Close)
        {
            headers.Add("connection"u8, "close"u8);
        }
        else if (token == ConnectionOptions.KeepAlive)
        {
            headers.Add("connection"u8, "keep-alive"u8);
        }
    }
}

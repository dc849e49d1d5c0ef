using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Stickiness;

/// <summary>Whether caches may keep a response, and with it the cookies it sets.</summary>
/// <param name="MayKeep">Whether they may keep it.</param>
/// <param name="MayKeepCookies">Whether they may keep its cookies too.</param>
internal readonly record struct Cacheability(bool MayKeep, bool MayKeepCookies)
{
    private static ReadOnlySpan<byte> NoCookie => "no-cache=\"set-cookie"u8;

    /// <summary>Looks at a response as HAProxy does: at the method, the status, Cache-Control and Pragma, and whether there is anything by which a
    /// cache could tell for how long it may keep it, or whether it is still the same.</summary>
    public static Cacheability Of(RequestMethod method, int status, HeaderBlock headers)
    {
        var mayKeep = method is RequestMethod.Get or RequestMethod.Head or RequestMethod.Options or RequestMethod.Trace
            && status is 200 or 203 or 204 or 206 or 300 or 301 or 404 or 405 or 410 or 414 or 501;
        var mayKeepCookies = mayKeep;
        var isDated = false;
        for (var values = new HeaderValues(headers, "cache-control"u8, isWhole: false); values.MoveNext();)
        {
            var value = values.Current;
            if (Is(value, "public"u8))
            {
                mayKeep = mayKeepCookies = true;
            }
            else if (Is(value, "private"u8) || Is(value, "no-cache"u8) || Is(value, "no-store"u8) || Is(value, "max-age=0"u8) || Is(value, "s-maxage=0"u8))
            {
                mayKeep = mayKeepCookies = false;
            }
            else if (Begins(value, NoCookie))
            {
                mayKeepCookies = false;
            }
            else
            {
                isDated |= Begins(value, "max-age"u8) || Begins(value, "s-maxage"u8);
            }
        }

        mayKeep &= isDated || Has(headers, "expires"u8) || Has(headers, "etag"u8) || Has(headers, "last-modified"u8);
        var pragma = new HeaderValues(headers, "pragma"u8, isWhole: true);
        mayKeep &= !pragma.MoveNext() || !Is(pragma.Current, "no-cache"u8);
        return new(mayKeep, mayKeep && mayKeepCookies);
    }

    private static bool Has(HeaderBlock headers, ReadOnlySpan<byte> name) => new HeaderValues(headers, name, isWhole: true).MoveNext();

    private static bool Begins(ReadOnlySpan<byte> value, ReadOnlySpan<byte> start) => value.Length >= start.Length && Is(value[..start.Length], start);

    private static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(value, word);
}

using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when a cookie of a name is there and, given a pattern, when one of its values matches.</summary>
internal sealed class CookieCondition(string name, BytePattern? value) : ExchangeCondition
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name);

    public override bool Holds(HttpExchange exchange)
    {
        var headers = exchange.Request.Headers;
        for (var i = headers.IndexOf(KnownHeader.Cookie); i >= 0; i = headers.IndexOf(KnownHeader.Cookie, i + 1))
        {
            if (HoldsFor(headers.ValueAt(i)))
            {
                return true;
            }
        }

        return false;
    }

    public override IEnumerable<string> Subject(HttpExchange exchange) => exchange.Request.Headers.GetAll("Cookie");

    public override string ToString() => $"cookie {name} " + (value?.ToString() ?? "is present");

    private bool HoldsFor(ReadOnlySpan<byte> cookies)
    {
        // RFC 6265 §4.2.1 and what servers accept: pairs between semicolons, white space around names and values.
        while (!cookies.IsEmpty)
        {
            var end = cookies.IndexOf((byte)';');
            var pair = end < 0 ? cookies : cookies[..end];
            var equals = pair.IndexOf((byte)'=');
            if (equals >= 0 && pair[..equals].Trim(" \t"u8).SequenceEqual(_name)
                && (value is null || value.Matches(pair[(equals + 1)..].Trim(" \t"u8))))
            {
                return true;
            }

            cookies = end < 0 ? default : cookies[(end + 1)..];
        }

        return false;
    }
}

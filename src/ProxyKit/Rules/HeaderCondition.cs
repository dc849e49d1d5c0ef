using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when a field of a name is there and, given a pattern, when one of its values or of their list elements matches.</summary>
internal sealed class HeaderCondition(string name, BytePattern? pattern) : ExchangeCondition
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name);
    private readonly KnownHeader _known = KnownHeaders.Find(Encoding.ASCII.GetBytes(name));

    public override bool Holds(HttpExchange exchange)
    {
        var headers = exchange.Request.Headers;
        for (var i = IndexOf(headers, 0); i >= 0; i = IndexOf(headers, i + 1))
        {
            if (pattern is null || Matches(headers.ValueAt(i), pattern))
            {
                return true;
            }
        }

        return false;
    }

    public override IEnumerable<string> Subject(HttpExchange exchange) => exchange.Request.Headers.GetAll(name);

    public override string ToString() => $"header {name} " + (pattern?.ToString() ?? "is present");

    private static bool Matches(ReadOnlySpan<byte> value, BytePattern pattern)
    {
        if (pattern.Matches(value))
        {
            return true;
        }

        // RFC 9110 §5.6.1: a list has commas between its elements.
        if (!value.Contains((byte)','))
        {
            return false;
        }

        var end = QuotedStrings.EndOfElement(value);
        while (end < value.Length)
        {
            if (pattern.Matches(value[..end].Trim(" \t"u8)))
            {
                return true;
            }

            value = value[(end + 1)..];
            end = QuotedStrings.EndOfElement(value);
        }

        return pattern.Matches(value.Trim(" \t"u8));
    }

    private int IndexOf(HeaderBlock headers, int from)
    {
        if (_known != KnownHeader.None)
        {
            return headers.IndexOf(_known, from);
        }

        for (var i = from; i < headers.TableLength; i++)
        {
            if (headers.KnownAt(i) == KnownHeader.None && headers.IsNamed(i, _name))
            {
                return i;
            }
        }

        return -1;
    }
}

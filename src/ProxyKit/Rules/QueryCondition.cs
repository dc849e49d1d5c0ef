using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds when the query has a parameter of a name and, given a pattern, when one of its values matches.</summary>
internal sealed class QueryCondition(string name, BytePattern? value) : ExchangeCondition
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name);

    public override bool Holds(HttpExchange exchange)
    {
        var query = exchange.Request.QueryBytes;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            if (parameter.StartsWith(_name) && (parameter.Length == _name.Length || parameter[_name.Length] == '=')
                && (value is null || value.Matches(parameter[Math.Min(_name.Length + 1, parameter.Length)..])))
            {
                return true;
            }

            query = end < 0 ? default : query[(end + 1)..];
        }

        return false;
    }

    public override IEnumerable<string> Subject(HttpExchange exchange) => [exchange.Request.Query];

    public override string ToString() => $"query parameter {name} " + (value?.ToString() ?? "is present");
}

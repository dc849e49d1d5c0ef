using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>Holds for requests with one of some methods.</summary>
internal sealed class MethodCondition : ExchangeCondition
{
    private readonly string[] _names;
    private readonly uint _known; // a bit for each RequestMethod
    private readonly byte[][] _others;

    /// <param name="names">The methods' names, checked.</param>
    public MethodCondition(string[] names)
    {
        _names = names;
        _others = [.. names.Select(Encoding.ASCII.GetBytes).Where(name => RequestMethods.Parse(name) == RequestMethod.Other)];
        foreach (var name in names)
        {
            _known |= 1u << (int)RequestMethods.Parse(Encoding.ASCII.GetBytes(name));
        }

        _known &= ~(1u << (int)RequestMethod.Other);
    }

    public override bool Holds(HttpExchange exchange) => exchange.Request.Method switch
    {
        RequestMethod.Other => HoldsForOther(exchange.Request.MethodBytes),
        var method => (_known & (1u << (int)method)) != 0,
    };

    public override IEnumerable<string> Subject(HttpExchange exchange) => [exchange.Request.MethodName];

    public override string ToString() => "method is " + OneOf.Text(_names);

    private bool HoldsForOther(ReadOnlySpan<byte> method)
    {
        foreach (var name in _others)
        {
            if (method.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Buffers;
using ProxyKit.Balancing;
using ProxyKit.Http;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>A parameter of the query, and where it is not there and the request is a POST, of the form in its body. Nothing is decoded. HAProxy:
/// <c>url_param</c>.</summary>
internal sealed class ParameterKey(string name) : IBalancingKey
{
    private static readonly SearchValues<byte> OfTokens =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8); // RFC 9110 §5.6.2

    private readonly byte[] _name = System.Text.Encoding.UTF8.GetBytes(name);

    public bool TryHash(in BalancingContext context, KeyHash hash, out uint value)
    {
        value = 0;
        if (context.Rules.Request is not { } request)
        {
            return false;
        }

        var query = request.TargetBytes.IndexOf((byte)'?');
        if ((query < 0 || !TryFind(request.TargetBytes[(query + 1)..], out var found))
            && (request.Method != RequestMethod.Post || !TryFind(context.Rules.RequestBody.Span, out found) || IsBinary(ref found)))
        {
            return false;
        }

        value = hash.Of(found);
        return true;
    }

    private bool TryFind(ReadOnlySpan<byte> parameters, out ReadOnlySpan<byte> found)
    {
        while (!parameters.IsEmpty)
        {
            var end = parameters.IndexOf((byte)'&');
            var parameter = end < 0 ? parameters : parameters[..end];
            if (parameter.Length > _name.Length && parameter[_name.Length] == '=' && parameter.StartsWith(_name))
            {
                found = parameter[(_name.Length + 1)..];
                return true;
            }

            parameters = end < 0 ? default : parameters[(end + 1)..];
        }

        found = default;
        return false;
    }

    /// <summary>Whether a value of a body does not begin as one of a form does. White space there ends it before it has begun.</summary>
    private static bool IsBinary(ref ReadOnlySpan<byte> found)
    {
        if (found.IsEmpty || OfTokens.Contains(found[0]))
        {
            return false;
        }

        var isSpace = found[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
        found = default;
        return !isSpace;
    }
}

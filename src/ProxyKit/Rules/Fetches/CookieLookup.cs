using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Looks for cookies of a name. With a name it is each in turn for a condition and the last one for everybody else; without one, the
/// first of all.</summary>
internal sealed class CookieLookup(KeywordUse use, MessageSide side)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
    private readonly bool _iterates = use.Iterates;

    public bool TryGet(RuleContext context, ref Sample sample)
    {
        if (!MessageHeads.TryGetHeaders(context, side, out var headers))
        {
            return false;
        }

        var isRequest = IsRequest(context);
        var field = isRequest ? "cookie"u8 : "set-cookie"u8;
        var given = _iterates ? sample.Cursor : 0; // how many were given before
        var seen = 0;
        var isFound = false;
        for (var values = new HeaderValues(headers, field, isWhole: false); values.MoveNext();)
        {
            var start = 0;
            while (CookieItems.TryFind(values.Current, ref start, _name, isRequest, out _, out var value))
            {
                isFound = sample.SetString(value);
                if (_iterates ? seen++ == given : _name.Length == 0)
                {
                    sample.Cursor = given + 1;
                    sample.HasMore = _iterates;
                    return true;
                }
            }
        }

        sample.HasMore = false;
        return isFound && !_iterates;
    }

    public bool TryGetNumber(RuleContext context, ref Sample sample) =>
        TryGet(context, ref sample) && sample.Set(Fetch.NumberIn(sample.Bytes));

    public bool Count(RuleContext context, ref Sample sample)
    {
        if (!MessageHeads.TryGetHeaders(context, side, out var headers))
        {
            return false;
        }

        var isRequest = IsRequest(context);
        var count = 0L;
        for (var values = new HeaderValues(headers, isRequest ? "cookie"u8 : "set-cookie"u8, isWhole: false); values.MoveNext();)
        {
            var start = 0;
            while (CookieItems.TryFind(values.Current, ref start, _name, isRequest, out _, out _))
            {
                count++;
            }
        }

        return sample.Set(count);
    }

    private bool IsRequest(RuleContext context) => side == MessageSide.Request || (side == MessageSide.Either && !context.IsInResponse);
}

using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Looks for a parameter of the target, <c>[name[,delim[,i]]]</c>, or of the body, <c>[name[,i]]</c>: each in turn for a condition,
/// the first for everybody else.</summary>
internal sealed class ParameterLookup
{
    private readonly byte[] _name;
    private readonly byte _delimiter;
    private readonly bool _ignoresCase, _isOfBody, _iterates;

    public ParameterLookup(KeywordUse use, bool isOfBody)
    {
        _name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        _iterates = use.Iterates;
        _isOfBody = isOfBody;
        _delimiter = isOfBody ? (byte)'&' : Fetch.Delimiter(use.Arguments, 1, '?');
        if (!isOfBody && use.Arguments.Text(1).Length > 1)
        {
            throw new RuleFaultException("delimiter must be a single character");
        }

        _ignoresCase = use.Arguments.Text(isOfBody ? 1 : 2) switch
        {
            "" => false,
            "i" => true,
            var other => throw new RuleFaultException($"unknown option '{other}': the only one is 'i'"),
        };
    }

    public bool TryGet(RuleContext context, ref Sample sample)
    {
        if (!TryGetText(context, out var text))
        {
            return false;
        }

        var start = _iterates ? sample.Cursor : 0;
        var isFound = ParameterList.TryFind(text, ref start, _name, _ignoresCase, _delimiter, out var value) && sample.SetString(value);
        sample.Cursor = start;
        sample.HasMore = _iterates && isFound;
        return isFound;
    }

    public bool TryGetNumber(RuleContext context, ref Sample sample) =>
        TryGet(context, ref sample) && sample.Set(Fetch.NumberIn(sample.Bytes));

    private bool TryGetText(RuleContext context, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!MessageHeads.TryGetRequest(context, out var request))
        {
            return false;
        }

        if (_isOfBody)
        {
            text = context.ArrivedBody;
            return true;
        }

        var list = request.TargetBytes.IndexOf(_delimiter);
        text = list < 0 ? default : request.TargetBytes[(list + 1)..];
        return list >= 0;
    }
}

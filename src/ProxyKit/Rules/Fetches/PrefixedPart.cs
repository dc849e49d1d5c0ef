using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Bytes whose number stands before them: <c>payload_lv(offset,length[,offset of the bytes])</c>, the last one from the start of all,
/// or with a sign from behind the number.</summary>
internal sealed class PrefixedPart
{
    private readonly MessageSide _side;
    private readonly long _sizeAt, _sizeLength, _valueAt;

    public PrefixedPart(KeywordUse use, MessageSide side)
    {
        _side = side;
        _sizeAt = use.Arguments.Integer(0);
        _sizeLength = use.Arguments.Integer(1);
        if (_sizeAt < 0 || _sizeLength <= 0)
        {
            throw new RuleFaultException("offset cannot be negative, and length must be above 0");
        }

        var shift = use.Arguments.Text(2);
        _valueAt = use.Arguments.Integer(2);
        if (shift.Length == 0 || shift[0] is '+' or '-')
        {
            _valueAt += _sizeAt + _sizeLength;
        }

        if (_valueAt < 0)
        {
            throw new RuleFaultException("the bytes would begin before the first one");
        }
    }

    public bool TryGet(RuleContext context, ref Sample sample)
    {
        if (!ContentFetches.TryGet(context, _side, out var bytes))
        {
            return false;
        }

        if (_sizeAt > bytes.Length || _sizeLength > bytes.Length - _sizeAt)
        {
            return ContentFetches.TooShort(context);
        }

        var size = 0U;
        foreach (var octet in bytes.Slice((int)_sizeAt, (int)_sizeLength))
        {
            size = unchecked((size << 8) | octet);
        }

        if (size == 0 || size > Scratch.MaxResult || _valueAt > Scratch.MaxResult - size)
        {
            return false; // it will never fit
        }

        return _valueAt + size > bytes.Length
            ? ContentFetches.TooShort(context)
            : sample.SetBinary(bytes.Slice((int)_valueAt, (int)size));
    }
}

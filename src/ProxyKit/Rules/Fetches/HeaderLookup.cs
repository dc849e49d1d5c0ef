using System.Buffers;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Fetches;

/// <summary>Looks for one value of a header field: <c>name[,occurrence]</c>. Without an occurrence it is each in turn for a condition, and the
/// last one for everybody else.</summary>
internal sealed class HeaderLookup
{
    private const int FarthestFromEnd = 10;

    private static readonly SearchValues<byte> OfIPv4 = SearchValues.Create("0123456789."u8);

    private readonly MessageSide _side;
    private readonly bool _isWhole;
    private readonly bool _isAbsent;
    private readonly byte[] _name;
    private readonly KnownHeader _known;
    private readonly int _occurrence; // 0 for each in turn

    public HeaderLookup(KeywordUse use, MessageSide side, bool isWhole)
    {
        _side = side;
        _isWhole = isWhole;
        _isAbsent = use.Arguments.IsAbsent; // then there is never a sample: only empty brackets mean every field
        _name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        _known = KnownHeaders.Find(_name);
        var occurrence = use.Arguments.Integer(1);
        _occurrence = occurrence >= -FarthestFromEnd
            ? (int)Math.Min(occurrence == 0 && !use.Iterates ? -1 : occurrence, int.MaxValue)
            : throw new RuleFaultException($"header occurrence must be >= {-FarthestFromEnd}");
    }

    /// <summary>Whether there is a value to be had each time, and so another one after this.</summary>
    public bool Iterates => _occurrence == 0;

    /// <summary>What it looks at, as <see cref="TryGet"/> gives it.</summary>
    public FetchSubject Subject => _isAbsent || _side == MessageSide.Response || _known == KnownHeader.None ? default
        : new(Iterates && !_isWhole ? SubjectKind.FieldValues : SubjectKind.PartOfField, _known);

    /// <summary>The value as text.</summary>
    public bool TryGet(RuleContext context, ref Sample sample)
    {
        if (_isAbsent || !MessageHeads.TryGetHeaders(context, _side, out var headers))
        {
            return false;
        }

        var values = new HeaderValues(headers, _known == KnownHeader.None ? _name : default, _isWhole, Iterates ? sample.Cursor : 0, _known);
        if (Iterates)
        {
            sample.HasMore = values.MoveNext();
            sample.Cursor = values.Position;
            return sample.HasMore && sample.SetString(values.Current);
        }

        if (_occurrence == -1)
        {
            var isFound = false;
            while (values.MoveNext())
            {
                isFound = sample.SetString(values.Current);
            }

            return isFound;
        }

        var skipped = _occurrence - 1;
        if (_occurrence < 0)
        {
            skipped = _occurrence;
            for (var all = values; all.MoveNext(); skipped++)
            {
            }
        }

        for (; skipped > 0 && values.MoveNext(); skipped--)
        {
        }

        return skipped == 0 && values.MoveNext() && sample.SetString(values.Current);
    }

    /// <summary>The number that the value begins with.</summary>
    public bool TryGetNumber(RuleContext context, ref Sample sample) =>
        TryGet(context, ref sample) && sample.Set(Fetch.NumberIn(sample.Bytes));

    /// <summary>The value as an address. A condition is not shown what is none.</summary>
    public bool TryGetAddress(RuleContext context, ref Sample sample)
    {
        while (TryGet(context, ref sample))
        {
            if (TryReadAddress(sample.Bytes, ref sample))
            {
                return true;
            }

            if (!Iterates)
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Reads exactly an IPv4 address, one with its port, an IPv6 address, or one in brackets.</summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> text, ref Sample sample)
    {
        if (text is [(byte)'[', .. var inner, (byte)']'])
        {
            return AddressReader.TryReadIPv6(inner, out var bracketed) && sample.SetIPv6(bracketed);
        }

        var end = text.IndexOfAnyExcept(OfIPv4);
        var isFour = end < 0 || (text[end] == ':' && IsPort(text[(end + 1)..]));
        if (isFour && SampleCasts.TryReadIPv4(end < 0 ? text : text[..end], out var four))
        {
            return sample.SetIPv4(four);
        }

        return AddressReader.TryReadIPv6(text, out var six) && sample.SetIPv6(six);
    }

    private static bool IsPort(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 5 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Fetch.NumberIn(text) <= ushort.MaxValue;
}

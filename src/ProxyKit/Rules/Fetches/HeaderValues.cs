using ProxyKit.Http;

namespace ProxyKit.Rules.Fetches;

/// <summary>Walks the values of a header field, of all its lines as one sequence: parted at commas outside quotes, empty ones included, or
/// a line each.</summary>
/// <param name="headers">The fields.</param>
/// <param name="name">The field's name; empty for every field.</param>
/// <param name="isWhole">Whether a line is one value.</param>
/// <param name="position">Where an earlier walk stood; 0 for the start.</param>
/// <param name="known">What the name is, where it is known and the caller knows it; then the name itself is not looked at.</param>
internal ref struct HeaderValues(HeaderBlock headers, ReadOnlySpan<byte> name, bool isWhole, int position = 0, KnownHeader known = KnownHeader.None)
{
    private readonly ReadOnlySpan<byte> _name = name;
    private int _index = position >> 16;
    private int _offset = position & 0xFFFF; // heads and edits are far below 64 KiB

    /// <summary>The value the walk stands at, without the blanks around it.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where to go on from later.</summary>
    public readonly int Position => (_index << 16) | _offset;

    public bool MoveNext()
    {
        for (; _index < headers.TableLength; _index++, _offset = 0)
        {
            if (known != KnownHeader.None ? headers.KnownAt(_index) != known
                : _name.IsEmpty ? headers.IsRemovedAt(_index)
                : !headers.IsNamed(_index, _name))
            {
                continue;
            }

            var rest = headers.ValueAt(_index)[_offset..];
            var end = isWhole ? rest.Length : QuotedStrings.EndOfElement(rest);
            Current = ListElements.TrimBlanks(rest[..end]);
            if (end == rest.Length)
            {
                _index++;
                _offset = 0;
            }
            else
            {
                _offset += end + 1;
            }

            return true;
        }

        return false;
    }
}

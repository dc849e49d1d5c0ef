using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ProxyKit.Http;

/// <summary>
/// The header fields of one message: the bytes as they came, a table of where each field lies in them, and edits as an overlay. What
/// nobody touches is passed on in one piece, in its original case and order; strings are made only when somebody asks for one.
/// </summary>
/// <remarks>Valid from the parse of the head to the end of its exchange. Not for use by several threads at once.</remarks>
public sealed partial class HeaderBlock
{
    private const int FirstTable = 32;

    private Entry[] _entries = []; // from the array pool once there are fields
    private int _count;
    private byte[] _bytes = [];
    private int _origin;
    private byte[] _added = [];
    private int _addedLength;

    /// <summary>The number of fields, those of the same name counted each.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the fields are still exactly the bytes that came, and those can be passed on as they are.</summary>
    internal bool IsUntouched { get; private set; } = true;

    /// <summary>How many entries the table has, removed ones included; for loops by index.</summary>
    internal int TableLength => _count;

    /// <summary>The first value of a field, or null. Names are compared without case; the bytes are read as Latin-1.</summary>
    /// <param name="name">The field's name.</param>
    public string? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>Gets the first value of a field.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="value">Its first value, without surrounding white space, read as Latin-1.</param>
    /// <returns>Whether the field is present.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        if (TryGetBytes(name, out var bytes))
        {
            value = Encoding.Latin1.GetString(bytes);
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Gets the first value of a field as bytes, without allocating.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="value">Its first value, without surrounding white space.</param>
    /// <returns>Whether the field is present.</returns>
    public bool TryGetBytes(string name, out ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries[i];
            if (!entry.IsRemoved && entry.NameLength == name.Length && Ascii.EqualsIgnoreCase(NameOf(in entry), name))
            {
                value = ValueOf(in entry);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All fields in their order, as strings.</summary>
    /// <returns>Name and value of each field.</returns>
    public IEnumerable<KeyValuePair<string, string>> All()
    {
        for (var i = 0; i < _count; i++)
        {
            if (!_entries[i].IsRemoved)
            {
                yield return new(
                    Encoding.Latin1.GetString(NameOf(in _entries[i])), Encoding.Latin1.GetString(ValueOf(in _entries[i])));
            }
        }
    }

    /// <summary>All values of a field, in their order.</summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <returns>The values, one a field; a list in one field is not taken apart.</returns>
    public IEnumerable<string> GetAll(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < _count; i++)
        {
            if (!_entries[i].IsRemoved && Ascii.EqualsIgnoreCase(NameOf(in _entries[i]), name))
            {
                yield return Encoding.Latin1.GetString(ValueOf(in _entries[i]));
            }
        }
    }

    /// <summary>Starts over for a head that begins at <paramref name="origin"/> of <paramref name="bytes"/>.</summary>
    internal void Reset(byte[] bytes, int origin)
    {
        _bytes = bytes;
        _origin = origin;
        _count = 0;
        _addedLength = 0;
        Count = 0;
        IsUntouched = true;
    }

    /// <summary>Has the bytes lie elsewhere, where somebody has copied them to.</summary>
    internal void MoveTo(byte[] bytes, int origin)
    {
        _bytes = bytes;
        _origin = origin;
    }

    /// <summary>Holds no more of a table than there are fields: for a wait that may be long.</summary>
    internal void Shrink()
    {
        if (_count <= _entries.Length / 2)
        {
            ResizeTable(_count);
        }
    }

    /// <summary>Notes a parsed field; all positions count from the origin.</summary>
    internal void Append(int nameStart, int nameLength, int valueStart, int valueLength, int lineEnd, KnownHeader known, bool isClean)
    {
        if (_count == _entries.Length)
        {
            ResizeTable(Math.Max(FirstTable, _count * 2));
        }

        _entries[_count++] = new Entry
        {
            NameStart = nameStart,
            NameLength = nameLength,
            ValueStart = valueStart,
            ValueLength = valueLength,
            LineEnd = lineEnd,
            Known = known,
            IsClean = isClean,
        };
        Count++;
        IsUntouched &= isClean;
    }

    /// <summary>How many bytes edits have added, those that are not in use any more included.</summary>
    internal int AddedLength => _addedLength;

    /// <summary>How long the fields are as they would be written now.</summary>
    internal int WrittenLength
    {
        get
        {
            var length = 0;
            foreach (ref readonly var entry in _entries.AsSpan(0, _count))
            {
                length += entry.IsRemoved ? 0 : entry.NameLength + entry.ValueLength + ": \r\n".Length;
            }

            return length;
        }
    }

    internal KnownHeader KnownAt(int index) => _entries[index].IsRemoved ? KnownHeader.None : _entries[index].Known;

    internal bool IsRemovedAt(int index) => _entries[index].IsRemoved;

    /// <summary>Whether a field is there, and has a name.</summary>
    internal bool IsNamed(int index, ReadOnlySpan<byte> name)
    {
        ref readonly var entry = ref _entries[index];
        return entry.NameLength == name.Length && !entry.IsRemoved && Ascii.EqualsIgnoreCase(NameOf(in entry), name);
    }

    internal ReadOnlySpan<byte> NameAt(int index) => NameOf(in _entries[index]);

    internal ReadOnlySpan<byte> ValueAt(int index) => ValueOf(in _entries[index]);

    /// <summary>The index of the first field of a kind from <paramref name="from"/> on; -1 when there is none.</summary>
    internal int IndexOf(KnownHeader known, int from = 0)
    {
        for (var i = from; i < _count; i++)
        {
            if (_entries[i].Known == known && !_entries[i].IsRemoved)
            {
                return i;
            }
        }

        return -1;
    }

    internal bool TryGetBytes(KnownHeader known, out ReadOnlySpan<byte> value)
    {
        var index = IndexOf(known);
        value = index < 0 ? default : ValueAt(index);
        return index >= 0;
    }

    /// <summary>Gives the last field the value it has together with the folded line behind it; positions count from the origin.</summary>
    internal void FoldLast(int valueStart, int valueLength, int lineEnd)
    {
        ref var entry = ref _entries[_count - 1];
        entry.ValueStart = valueStart;
        entry.ValueLength = valueLength;
        entry.LineEnd = lineEnd;
        entry.IsClean = false;
        IsUntouched = false;
    }

    /// <summary>Writes the fields, each line with its CRLF, without the empty line.</summary>
    /// <returns>How many bytes were written; -1 when <paramref name="destination"/> is too small.</returns>
    internal int WriteTo(Span<byte> destination)
    {
        var written = 0;
        var i = 0;
        while (i < _count)
        {
            ref var entry = ref _entries[i];
            if (entry.IsRemoved)
            {
                i++;
                continue;
            }

            if (entry.IsClean)
            {
                // A run of neighbours goes over in one piece.
                var first = entry.NameStart;
                var last = entry.LineEnd;
                while (++i < _count && _entries[i] is { IsClean: true, IsRemoved: false } next
                    && next.NameStart == last && next.IsAdded == entry.IsAdded)
                {
                    last = next.LineEnd;
                }

                if (!Put(BytesOf(in entry, first, last - first), destination, ref written))
                {
                    return -1;
                }

                continue;
            }

            if (!Put(NameOf(in entry), destination, ref written) || !Put(": "u8, destination, ref written)
                || !Put(ValueOf(in entry), destination, ref written) || !Put("\r\n"u8, destination, ref written))
            {
                return -1;
            }

            i++;
        }

        return written;
    }

    private void ResizeTable(int size)
    {
        var table = size == 0 ? [] : ArrayPool<Entry>.Shared.Rent(size);
        if (table.Length == _entries.Length)
        {
            ArrayPool<Entry>.Shared.Return(table); // the next smaller one there is
            return;
        }

        _entries.AsSpan(0, _count).CopyTo(table);
        ArrayPool<Entry>.Shared.Return(_entries);
        _entries = table;
    }

    private static bool Put(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int written)
    {
        if (!bytes.TryCopyTo(destination[written..]))
        {
            return false;
        }

        written += bytes.Length;
        return true;
    }

    private ReadOnlySpan<byte> NameOf(in Entry entry) => BytesOf(in entry, entry.NameStart, entry.NameLength);

    private ReadOnlySpan<byte> ValueOf(in Entry entry) => BytesOf(in entry, entry.ValueStart, entry.ValueLength);

    private ReadOnlySpan<byte> BytesOf(in Entry entry, int start, int length) =>
        entry.IsAdded ? _added.AsSpan(start, length) : _bytes.AsSpan(_origin + start, length);

    private struct Entry
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
        public int LineEnd; // just behind the line's end
        public KnownHeader Known;
        public bool IsClean; // "name: value CRLF" as we would write it, so that its bytes can be passed on
        public bool IsRemoved;
        public bool IsAdded; // its bytes lie in _added
    }
}

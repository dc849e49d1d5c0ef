using System.Diagnostics;
using System.Text;

namespace ProxyKit.Http;

/// <content>What changes the fields: an overlay over the bytes as they came.</content>
public sealed partial class HeaderBlock
{
    /// <summary>Leaves only a part of a value: <paramref name="length"/> bytes from <paramref name="start"/> of it on.</summary>
    internal void NarrowValueAt(int index, int start, int length)
    {
        ref var entry = ref _entries[index];
        Debug.Assert(start >= 0 && length >= 0 && start + length <= entry.ValueLength, "a part lies within the whole");
        entry.ValueStart += start;
        entry.ValueLength = length;
        entry.IsClean = false;
        IsUntouched = false;
    }

    /// <summary>Writes a value in lower case, where it lies.</summary>
    internal void LowerValueAt(int index)
    {
        ref var entry = ref _entries[index];
        var value = entry.IsAdded
            ? _added.AsSpan(entry.ValueStart, entry.ValueLength)
            : _bytes.AsSpan(_origin + entry.ValueStart, entry.ValueLength);
        Ascii.ToLowerInPlace(value, out _);
    }

    internal void RemoveAt(int index)
    {
        if (!_entries[index].IsRemoved)
        {
            _entries[index].IsRemoved = true;
            Count--;
            IsUntouched = false;
        }
    }

    internal void RemoveAll(KnownHeader known)
    {
        for (var i = IndexOf(known); i >= 0; i = IndexOf(known, i + 1))
        {
            RemoveAt(i);
        }
    }

    internal void RemoveAll(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (IsNamed(i, name))
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>The same for a name of which the caller knows what it is.</summary>
    internal void RemoveAll(KnownHeader known, ReadOnlySpan<byte> name)
    {
        if (known == KnownHeader.None)
        {
            RemoveAll(name);
        }
        else
        {
            RemoveAll(known);
        }
    }

    /// <summary>Adds a field at the end. The caller vouches for name and value being valid (no control bytes).</summary>
    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Add(name, KnownHeaders.Find(name), value);

    /// <summary>The same for a name of which the caller knows what it is.</summary>
    internal void Add(ReadOnlySpan<byte> name, KnownHeader known, ReadOnlySpan<byte> value)
    {
        Debug.Assert(value.IndexOfAny((byte)'\r', (byte)'\n') < 0, "a value must not end its own line");
        var length = name.Length + ": ".Length + value.Length + "\r\n".Length;
        var line = MakeRoom(length);
        name.CopyTo(line);
        ": "u8.CopyTo(line[name.Length..]);
        value.CopyTo(line[(name.Length + ": ".Length)..]);
        "\r\n"u8.CopyTo(line[(length - "\r\n".Length)..]);
        NoteAdded(length, name.Length, known);
    }

    /// <summary>The same for a field as the line that will be sent: name, colon, blank, value, CRLF. The caller vouches for it as for <see
    /// cref="Add(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.</summary>
    internal void AddLine(ReadOnlySpan<byte> line, int nameLength, KnownHeader known)
    {
        Debug.Assert(
            line[nameLength] == ':' && line.EndsWith("\r\n"u8) && line[..^2].IndexOfAny((byte)'\r', (byte)'\n') < 0, "it is one line");
        line.CopyTo(MakeRoom(line.Length));
        NoteAdded(line.Length, nameLength, known);
    }

    /// <summary>Gives a field another value, in its place. The caller vouches for the value.</summary>
    internal void ReplaceValueAt(int index, ReadOnlySpan<byte> value) => ReplaceAt(index, NameAt(index), value);

    /// <summary>Writes a field's name in another way, in its place. The caller vouches for it being the same name.</summary>
    internal void RenameAt(int index, ReadOnlySpan<byte> name) => ReplaceAt(index, name, ValueAt(index));

    /// <summary>Both go over, so that name and value still lie in one array.</summary>
    private void ReplaceAt(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Add(name, _entries[index].Known, value);
        _entries[index] = _entries[--_count];
        Count--;
    }

    /// <summary>Removes every field of the name and adds one at the end.</summary>
    internal void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Set(name, KnownHeaders.Find(name), value);

    /// <summary>The same for a name of which the caller knows what it is.</summary>
    internal void Set(ReadOnlySpan<byte> name, KnownHeader known, ReadOnlySpan<byte> value)
    {
        RemoveAll(known, name);
        Add(name, known, value);
    }

    /// <summary>Where the next added line goes: as it will be sent, so that it goes over in one piece with its neighbours.</summary>
    private Span<byte> MakeRoom(int length)
    {
        var end = _addedLength + length;
        if (end > _added.Length)
        {
            Array.Resize(ref _added, Math.Max(256, end * 2));
        }

        return _added.AsSpan(_addedLength, length);
    }

    private void NoteAdded(int length, int nameLength, KnownHeader known)
    {
        var end = _addedLength + length;
        var valueStart = _addedLength + nameLength + ": ".Length;
        Append(_addedLength, nameLength, valueStart, end - "\r\n".Length - valueStart, end, known, isClean: true);
        _entries[_count - 1].IsAdded = true;
        _addedLength = end;
        IsUntouched = false;
    }
}

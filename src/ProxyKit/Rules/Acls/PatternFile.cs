using System.Text;

namespace ProxyKit.Rules.Acls;

/// <summary>
/// The patterns of a file, or the keys and values of a map: one list for all conditions, maps and actions of a configuration that name it, which may
/// change while the proxy runs. Changes are seen at once and stay in memory.
/// </summary>
/// <remarks>Readers ask a <see cref="PatternIndex"/> and take no lock. Changes exclude each other; each takes about as long as finding the key
/// among the others.</remarks>
internal sealed class PatternFile
{
    /// <summary>How many entries may be added to a list while the proxy runs: what clients have a say in must not fill the memory.</summary>
    public const int DefaultMaxAdded = 1_000_000;

    /// <summary>How many bytes keys and values may be that are added while the proxy runs.</summary>
    public const long DefaultMaxAddedBytes = 128L << 20;

    private const int WorthCompacting = 64;

    private readonly Lock _lock = new(); // guards every field below, and the changes of entries and indexes
    private readonly Dictionary<PatternStyle, PatternIndex> _indexes = [];
    private readonly HashSet<Samples.SampleType> _outputs = []; // the types that values must be of
    private readonly Dictionary<byte[], PatternEntry> _first = new(ByteKeys.Comparer); // of each key that counts
    private readonly Dictionary<byte[], PatternEntry>.AlternateLookup<ReadOnlySpan<byte>> _firstByText;
    private List<PatternEntry> _entries = []; // in their order, those removed included
    private long _lastOrder;
    private int _loaded; // how many it was read with
    private long _bytes, _loadedBytes; // the keys and values of those that count, and of those that it was read with
    private int _removed;
    private bool? _isMap;
    private object? _owner;

    /// <param name="name">The file's name as the configuration has it.</param>
    public PatternFile(string name)
    {
        Name = name;
        _firstByText = _first.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The file's name, with the prefixes that matter.</summary>
    public string Name { get; }

    /// <summary>How many entries it may have beyond those that it was read with.</summary>
    public int MaxAdded { get; init; } = DefaultMaxAdded;

    /// <summary>How many bytes its keys and values may be beyond those that it was read with.</summary>
    public long MaxAddedBytes { get; init; } = DefaultMaxAddedBytes;

    /// <summary>Whether it was read at all: what only actions name is not.</summary>
    public bool IsLoaded
    {
        get
        {
            lock (_lock)
            {
                return _isMap is not null;
            }
        }
    }

    /// <summary>Whether its entries have values.</summary>
    public bool IsMap
    {
        get
        {
            lock (_lock)
            {
                return _isMap == true;
            }
        }
    }

    /// <summary>How many entries count.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count - _removed;
            }
        }
    }

    /// <summary>The list that a configuration has for a file; not read yet, if nobody who reads it asked before.</summary>
    /// <param name="compiler">The configuration.</param>
    /// <param name="name">The name; <c>file@</c> in front is the same as nothing.</param>
    public static PatternFile For(RuleCompiler compiler, string name) =>
        compiler.Shared(name.StartsWith("file@", StringComparison.Ordinal) ? name["file@".Length..] : name, static n => new PatternFile(n));

    /// <summary>Reads the file, unless that was done.</summary>
    /// <param name="asMap">Whether each line is a key and a value.</param>
    /// <exception cref="RuleFaultException">It cannot be read, or was read otherwise.</exception>
    public void Load(bool asMap)
    {
        lock (_lock)
        {
            if (_isMap is null)
            {
                LoadLocked(PatternFileReader.Read(Name, asMap));
                _isMap = asMap;
            }
            else if (_isMap != asMap)
            {
                throw new RuleFaultException(
                    $"The file \"{Name}\" is already used as {(asMap ? "one" : "two")} column file and cannot be used by as "
                    + $"{(asMap ? "two" : "one")} column file");
            }
        }
    }

    /// <summary>Makes it the list of patterns that a condition of the configuration has.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="owner">The condition.</param>
    /// <exception cref="RuleFaultException">It is another condition's.</exception>
    public void Load(IEnumerable<string> patterns, object owner)
    {
        lock (_lock)
        {
            if (_owner is null)
            {
                LoadLocked(patterns.Select(static pattern => new PatternLine(Encoding.UTF8.GetBytes(pattern), null, 0)));
                (_owner, _isMap) = (owner, false);
            }
            else if (_owner != owner)
            {
                throw new RuleFaultException("the id is already used");
            }
        }
    }

    /// <summary>The list as a style understands it.</summary>
    /// <exception cref="RuleFaultException">A line is no pattern of the style.</exception>
    public PatternIndex IndexFor(PatternStyle style)
    {
        lock (_lock)
        {
            if (!_indexes.TryGetValue(style, out var index))
            {
                index = new(style);
                try
                {
                    index.LoadLocked([.. LiveLocked()]);
                }
                catch (PatternFaultException e)
                {
                    throw new RuleFaultException(e.Entry.Line == 0 ? e.Message : $"{e.Message} at line {e.Entry.Line} of file '{Name}'", e);
                }

                _indexes.Add(style, index);
            }

            return index;
        }
    }

    /// <summary>Has all values be of a type, now and later.</summary>
    /// <exception cref="RuleFaultException">One is not.</exception>
    public void Require(Samples.SampleType type)
    {
        lock (_lock)
        {
            if (_outputs.Add(type) && LiveLocked().FirstOrDefault(entry => entry.Value?.Is(type) == false) is { } wrong)
            {
                throw new RuleFaultException(
                    $"unable to parse '{Encoding.UTF8.GetString(wrong.Value!.Text)}' at line {wrong.Line} of file '{Name}'");
            }
        }
    }

    /// <summary>Adds a pattern, unless it is there; HAProxy: <c>add-acl</c>.</summary>
    /// <returns>Whether it is there now; false where it is no pattern for those who compare by it, or the list is full.</returns>
    public bool Add(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            return _firstByText.ContainsKey(key) || TryAppendLocked(key, null);
        }
    }

    /// <summary>Adds a line behind the others, be its key there already; HAProxy: <c>add map</c>.</summary>
    /// <returns>Whether it is there now; false where key or value does not fit those who use them, or the list is full.</returns>
    public bool Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        lock (_lock)
        {
            return TryAppendLocked(key, new PatternValue(value));
        }
    }

    /// <summary>Gives all entries of a key a value; where there are none, adds one. HAProxy: <c>set-map</c>.</summary>
    /// <returns>Whether that was done; false where key or value does not fit those who use them, or the list is full.</returns>
    public bool Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        lock (_lock)
        {
            if (!_firstByText.TryGetValue(key, out var entry))
            {
                return TryAppendLocked(key, new PatternValue(value));
            }

            if (entry.Value is { } old && entry.SameKey is null && value.SequenceEqual(old.Text))
            {
                return true; // as mostly, where a rule sets it for each request
            }

            var replacement = new PatternValue(value);
            var grown = 0L;
            for (var each = entry; each is not null; each = each.SameKey)
            {
                grown += value.Length - (each.Value?.Text.Length ?? 0);
            }

            if (!FitsLocked(replacement) || (grown > 0 && !HasRoomLocked(grown)))
            {
                return false;
            }

            _bytes += grown;
            for (; entry is not null; entry = entry.SameKey)
            {
                entry.Value = replacement;
            }

            return true;
        }
    }

    /// <summary>Removes all entries of a key; HAProxy: <c>del-acl</c>, <c>del-map</c>.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            if (!_firstByText.Remove(key, out _, out var entry))
            {
                return false;
            }

            for (; entry is not null; entry = entry.SameKey)
            {
                entry.Remove();
                _removed++;
                _bytes -= entry.Length;
            }

            if (_removed >= WorthCompacting && _removed > _entries.Count / 2)
            {
                CompactLocked();
            }

            return true;
        }
    }

    /// <summary>Removes all entries; HAProxy: <c>clear acl</c>, <c>clear map</c>.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var entry in _entries)
            {
                entry.Remove();
            }

            _first.Clear();
            _bytes = 0;
            CompactLocked();
        }
    }

    /// <summary>The entry of a key, as the key is written; null where there is none.</summary>
    public PatternEntry? Lookup(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            return _firstByText.TryGetValue(key, out var entry) ? entry : null;
        }
    }

    /// <summary>The entries, in their order, as they are at this moment. HAProxy: <c>show map</c>.</summary>
    public IReadOnlyList<PatternEntry> Dump()
    {
        lock (_lock)
        {
            return [.. LiveLocked()];
        }
    }

    private IEnumerable<PatternEntry> LiveLocked() => _entries.Where(static entry => !entry.IsRemoved);

    private void LoadLocked(IEnumerable<PatternLine> lines)
    {
        foreach (var (key, value, line) in lines)
        {
            KeepLocked(new(key, value, ++_lastOrder, line));
            _loaded++;
        }

        _loadedBytes = _bytes;
    }

    private void KeepLocked(PatternEntry entry)
    {
        _entries.Add(entry);
        _bytes += entry.Length;
        if (!_first.TryAdd(entry.Key, entry))
        {
            var first = _first[entry.Key];
            entry.SameKey = first.SameKey; // whose order does not matter
            first.SameKey = entry;
        }
    }

    private bool FitsLocked(PatternValue? value) => value is null || _outputs.All(value.Is);

    private bool HasRoomLocked(long more) => _bytes + more - _loadedBytes <= MaxAddedBytes;

    private bool TryAppendLocked(ReadOnlySpan<byte> key, PatternValue? value)
    {
        if (!FitsLocked(value) || _entries.Count - _removed - _loaded >= MaxAdded || !HasRoomLocked(key.Length + (value?.Text.Length ?? 0)))
        {
            return false;
        }

        var entry = new PatternEntry(key.ToArray(), value, ++_lastOrder, line: 0);
        var prepared = new List<(PatternIndex Index, PatternIndex.Part Part)>(_indexes.Count);
        try
        {
            foreach (var index in _indexes.Values)
            {
                prepared.Add((index, index.PrepareLocked(entry)));
            }
        }
        catch (PatternFaultException)
        {
            return false; // for one who uses the list it is no pattern, so nobody gets it
        }

        KeepLocked(entry);
        foreach (var (index, part) in prepared)
        {
            index.AddLocked(part);
        }

        return true;
    }

    private void CompactLocked()
    {
        _entries = [.. LiveLocked()];
        _removed = 0;
        foreach (var index in _indexes.Values)
        {
            index.LoadLocked([.. _entries]);
        }
    }
}

namespace ProxyKit.Metering.Journals;

/// <summary>Tells what of a journal is not there or cannot be read, while its files are read in their order: the one judge of that.</summary>
/// <remarks>
/// Segments have numbers, and so have blocks, which go on from one segment to the next: what was taken out leaves a gap in either. Only the newest
/// segment may end within a block, as one that is being written does; and those behind it that were begun and never written to are none. So what a
/// segment's end lacks waits until another one has a block, or until who reads knows better: see <see cref="Settle"/>.
/// </remarks>
/// <param name="directory">The journal.</param>
/// <param name="nextSegment">The number of the segment where the reading begins.</param>
/// <param name="lastBlock">The number of the block before; 0 where that is not known, so that blocks taken out there are not missed.</param>
internal sealed class JournalJudge(string directory, long nextSegment = 1, long lastBlock = 0)
{
    private readonly List<JournalDamage> _damage = [];
    private readonly List<JournalDamage> _ifNotLast = []; // of the newest segment, and of those behind it that have no block
    private long _nextSegment = nextSegment;
    private JournalFile? _segment; // the one that is read
    private long _at; // how far it was read
    private int _seen; // how much of what its reader skipped was told

    /// <summary>What is not there or cannot be read, as far as that is certain.</summary>
    public IReadOnlyList<JournalDamage> Damage => _damage;

    /// <summary>How many bytes at the end are no whole block.</summary>
    public long UnfinishedBytes => _ifNotLast.Sum(static d => d.Bytes);

    /// <summary>The number of the block that was read last; 0 where it is not known.</summary>
    public long LastBlock { get; private set; } = lastBlock;

    /// <summary>Comes to the next file.</summary>
    public void Enter(JournalFile file)
    {
        if (file.First > _nextSegment)
        {
            _damage.Add(Missing(_nextSegment, file.First));
            LastBlock = 0; // what its blocks were is not known
        }

        _nextSegment = file.Last + 1;
        LastBlock = file.IsTotals ? 0 : LastBlock;
    }

    /// <summary>Begins to read a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="from">Where in it.</param>
    public BlockReader Open(JournalFile segment, long from = 0)
    {
        (_segment, _at, _seen) = (segment, from, 0);
        return new BlockReader(segment.Path, from, LastBlock);
    }

    /// <summary>Takes what was found on the way to the block that was read last.</summary>
    /// <param name="reader">Who reads the segment.</param>
    public void See(BlockReader reader)
    {
        if (reader.FirstBlock == 0)
        {
            return;
        }

        Settle();
        foreach (var (offset, bytes) in reader.Damaged.Skip(_seen))
        {
            _damage.Add(bytes > 0 ? new(JournalDamageKind.Unreadable, _segment!.Path, offset, bytes) : CutAt(_segment!, offset)); // opened before
        }

        (_at, _seen, LastBlock) = (reader.Position, reader.Damaged.Count, reader.LastBlock);
    }

    /// <summary>Has seen all of a segment that can be read.</summary>
    /// <param name="end">Where it ends.</param>
    public void Leave(long end)
    {
        if (_at < end || _at == 0)
        {
            var kind = _at == 0 ? JournalDamageKind.CutShort : JournalDamageKind.Unreadable; // a segment begins with a block
            _ifNotLast.Add(new(kind, _segment!.Path, _at, end - _at)); // opened before
            LastBlock = 0;
        }
    }

    /// <summary>Says that all that was read lies before the journal's end: what it lacks is no write that has not come to its end.</summary>
    public void Settle()
    {
        _damage.AddRange(_ifNotLast);
        _ifNotLast.Clear();
    }

    /// <summary>Notes what of a file of sums cannot be read.</summary>
    public void Note(JournalFile totals, long offset, long bytes) =>
        _damage.Add(new(bytes > 0 ? JournalDamageKind.Unreadable : JournalDamageKind.CutShort, totals.Path, offset, bytes));

    /// <summary>Whether a segment that is not the newest, and was read to its end, has all that was written to it.</summary>
    /// <param name="reader">Who read it; the first that this judge has opened.</param>
    /// <param name="next">The file behind it; null where there is none.</param>
    public bool FindsWhole(BlockReader reader, JournalFile? next)
    {
        See(reader);
        Leave(reader.Length);
        if (next is { IsTotals: false } && next.First == _segment!.Last + 1)
        {
            using var behind = Open(next);
            behind.TryRead();
            See(behind);
        }

        return _damage.Count + _ifNotLast.Count == 0;
    }

    /// <summary>Looks at the segments that were set aside when the rest of them was summed up: what they lack is lacking in the sums.</summary>
    public void AddSetAside()
    {
        foreach (var path in Directory.EnumerateFiles(directory, "events-*" + JournalFile.Damaged).Order(StringComparer.Ordinal))
        {
            var judge = new JournalJudge(directory);
            using var reader = judge.Open(new JournalFile(path, 0, 0, IsTotals: false));
            reader.ReadToEnd();
            if (judge.FindsWhole(reader, next: null))
            {
                judge._damage.Add(new(JournalDamageKind.CutShort, path, reader.Position, 0)); // the one behind it said so
            }

            if (reader.FirstBlock == 0)
            {
                Find(JournalFile.NumberOf(path[..^JournalFile.Damaged.Length])); // what could be read of others is in sums, and those have to be there
            }

            judge.Settle();
            _damage.AddRange(judge._damage);
        }
    }

    private JournalDamage Missing(long first, long end) => new(JournalDamageKind.Missing, JournalFile.SegmentPath(directory, first), 0, 0) { Segments = end - first };

    /// <summary>Does not call a segment missing any more that was found, and is told of by what it lacks.</summary>
    private void Find(long number)
    {
        for (var i = 0; i < _damage.Count; i++)
        {
            if (_damage[i] is { Kind: JournalDamageKind.Missing } missing && JournalFile.NumberOf(missing.File) is var first
                && first <= number && number < first + missing.Segments)
            {
                _damage.RemoveAt(i);
                JournalDamage[] others = [Missing(first, number), Missing(number + 1, first + missing.Segments)];
                _damage.InsertRange(i, others.Where(static d => d.Segments > 0));
                return;
            }
        }
    }

    private JournalDamage CutAt(JournalFile segment, long offset)
    {
        if (offset > 0)
        {
            return new(JournalDamageKind.CutShort, segment.Path, offset, 0);
        }

        var before = JournalFile.SegmentPath(directory, segment.First - 1); // the numbers of blocks go on from one segment to the next
        return new(JournalDamageKind.CutShort, before, File.Exists(before) ? new FileInfo(before).Length : 0, 0);
    }
}

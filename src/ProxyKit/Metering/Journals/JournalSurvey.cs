namespace ProxyKit.Metering.Journals;

/// <summary>Finds out what of a journal is not there or cannot be read, while its files are read in their order.</summary>
/// <remarks>
/// Segments have numbers, and so have blocks, which go on from one segment to the next: what was taken out leaves a gap in either. Only the newest
/// segment may end within a block, as one that is being written does; and those behind it that were begun and never written to are none.
/// </remarks>
internal sealed class JournalSurvey(string directory)
{
    /// <summary>What a segment is called whose events are summed up, as far as they could be read.</summary>
    public const string Damaged = ".damaged";

    private readonly List<JournalDamage> _damage = [];
    private readonly List<JournalDamage> _ifNotLast = []; // of the newest segment, and of those behind it that have no block
    private long _nextSegment = 1;
    private long _lastBlock; // its number, in the newest segment that has one; 0 where there is none
    private (string File, long Offset) _end; // of that segment

    public IReadOnlyList<JournalDamage> Damage => _damage;

    /// <summary>How many bytes at the end are no whole block.</summary>
    public long UnfinishedBytes => _ifNotLast.Sum(static d => d.Bytes);

    /// <summary>Comes to the next file.</summary>
    public void Enter(JournalFile file)
    {
        if (file.First > _nextSegment)
        {
            _damage.Add(new(JournalDamageKind.Missing, JournalFile.SegmentPath(directory, _nextSegment), 0, 0) { Segments = file.First - _nextSegment });
            _lastBlock = 0; // what its blocks were is not known
        }

        _nextSegment = file.Last + 1;
        _lastBlock = file.IsTotals ? 0 : _lastBlock;
    }

    /// <summary>Notes what of a file of sums cannot be read.</summary>
    public void Note(JournalFile totals, long offset, long bytes) =>
        _damage.Add(new(bytes > 0 ? JournalDamageKind.Unreadable : JournalDamageKind.CutShort, totals.Path, offset, bytes));

    /// <summary>Has read a segment to its end.</summary>
    public void Leave(JournalFile segment, BlockReader reader)
    {
        if (reader.LastBlock == 0)
        {
            _ifNotLast.Add(new(JournalDamageKind.CutShort, segment.Path, 0, reader.LengthAtFirst));
            return;
        }

        _damage.AddRange(_ifNotLast);
        var isFirstLost = reader.Damaged is [(0, > 0), ..]; // then it tells nothing of the segment before
        if (_ifNotLast.Count == 0 && _lastBlock > 0 && !isFirstLost && reader.FirstBlock > _lastBlock + 1)
        {
            _damage.Add(new(JournalDamageKind.CutShort, _end.File, _end.Offset, 0));
        }

        _ifNotLast.Clear();
        _damage.AddRange(DamageWithin(segment.Path, reader));
        (_lastBlock, _end) = (reader.LastBlock, (segment.Path, reader.Position));
        if (reader.LengthAtFirst > reader.Position)
        {
            _ifNotLast.Add(new(JournalDamageKind.Unreadable, segment.Path, reader.Position, reader.LengthAtFirst - reader.Position));
        }
    }

    /// <summary>Looks at the segments that were set aside when the rest of them was summed up: what they lack is lacking in the sums.</summary>
    public void AddSetAside()
    {
        foreach (var path in Directory.EnumerateFiles(directory, "events-*" + Damaged).Order(StringComparer.Ordinal))
        {
            using var reader = new BlockReader(path);
            while (reader.TryRead() || reader.TrySkipDamage())
            {
                // only the way matters
            }

            var found = DamageWithin(path, reader).ToList();
            if (reader.Length > reader.Position || found.Count == 0)
            {
                found.Add(new(reader.Length > reader.Position ? JournalDamageKind.Unreadable : JournalDamageKind.CutShort, path, reader.Position, reader.Length - reader.Position));
            }

            _damage.AddRange(found);
        }
    }

    /// <summary>Whether a segment that is not the newest, and has been read to its end, has all that was written to it.</summary>
    /// <param name="reader">The segment.</param>
    /// <param name="next">The file behind it; null where there is none.</param>
    /// <param name="number">The segment's number.</param>
    public static bool IsWhole(BlockReader reader, JournalFile? next, long number)
    {
        if (reader.LastBlock == 0 || reader.Damaged.Count > 0 || reader.Position < reader.Length)
        {
            return false;
        }

        if (next is null or { IsTotals: true } || next.First != number + 1)
        {
            return true;
        }

        using var behind = new BlockReader(next.Path);
        return !behind.TryRead() || behind.FirstBlock <= reader.LastBlock + 1;
    }

    private static IEnumerable<JournalDamage> DamageWithin(string path, BlockReader reader) =>
        reader.Damaged.Select(d => new JournalDamage(d.Bytes > 0 ? JournalDamageKind.Unreadable : JournalDamageKind.CutShort, path, d.Offset, d.Bytes));
}

namespace ProxyKit.Metering.Journals;

/// <summary>
/// Reads a journal's events for somebody who brings them elsewhere, and remembers in the journal's directory how far that has come. What is behind
/// that place stays there as single events, however long it takes.
/// </summary>
/// <remarks>Events are handed out once the disk has them, so none that was handed out is taken back by an end of the machine. For one reader at a
/// time; beside the proxy that writes.</remarks>
public sealed class JournalCursor
{
    private const int SearchedAtOnce = 10_000; // events

    private readonly UsageJournal _journal;
    private readonly string _path;
    private (JournalPosition Place, long Block) _read; // how far it was read last, and the number of the block that ends there; 0 where it is not known
    private CursorFile _file;

    internal JournalCursor(UsageJournal journal, string name)
    {
        (_journal, _path) = (journal, CursorFile.PathOf(journal.Path, name));
        var isThere = File.Exists(_path);
        _file = isThere ? CursorFile.Read(_path) : new(Guid.NewGuid());
        if (!isThere || !_file.Knows(journal.Opening)) // the journal's opening could not note itself, as where the disk was full
        {
            Save(_file.With(journal.Opening, FirstSegmentOf(journal.Path)));
        }
    }

    /// <summary>Tells this journal from all others, also from one that takes its place in the same directory: made with the cursor, and kept.</summary>
    public Guid Id => _file.Id;

    /// <summary>How far it has come.</summary>
    public JournalPosition Position => _file.Position;

    /// <summary>The parts of the journal, the oldest first, as far back as they are known: each begins where the one before it ends.</summary>
    /// <remarks>Whoever keeps, with the events, how far it has brought each part, by its <see cref="JournalPart.Id"/>, and begins a part of which it has nothing at
    /// its start, has every event once, also where an older state of the journal is put back or copies of it go on; but the cursor's file must be of the same state.</remarks>
    public IReadOnlyList<JournalPart> Parts
    {
        get
        {
            var (openings, end) = (_file.Openings, End);
            return [.. openings.Select((o, i) => new JournalPart(o.Id, o.End, i + 1 < openings.Count ? openings[i + 1].End : end))];
        }
    }

    /// <summary>The end of what may be read by now.</summary>
    public JournalPosition End => _journal.SafeEnd;

    /// <summary>Reads events behind a place, whoever wrote them. Does not move on by itself: see <see cref="MoveTo"/>.</summary>
    /// <param name="from">The place: <see cref="Position"/>, or the end of what was read last.</param>
    /// <param name="most">How many events are enough; what was written at once comes at once, so there may be more.</param>
    /// <returns>The events, none where nothing more is safe yet; and the places on the way that cannot be read.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public JournalEvents Read(JournalPosition from, int most) => Read(from, _journal.SafeEnd, most);

    /// <summary>The same, but within a part.</summary>
    /// <param name="part">One of <see cref="Parts"/>.</param>
    /// <param name="from">The place within it: its start, or the end of what was read last.</param>
    /// <param name="most">How many events are enough.</param>
    /// <returns>The events, none where the part has no more.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public JournalEvents Read(in JournalPart part, JournalPosition from, int most) => Read(from, part.End, most);

    /// <summary>Notes that everything before a place was brought where it is wanted. Segments before it may be summed up from now on.</summary>
    /// <param name="position">The place.</param>
    /// <exception cref="IOException">That cannot be written; the place is what it was.</exception>
    public void MoveTo(JournalPosition position)
    {
        if (position > Position)
        {
            var block = BlockAt(position);
            _file = File.Exists(_path) ? CursorFile.Read(_path) : _file; // the next process may have noted its opening while this one brings its last
            if (position > Position)
            {
                Save(_file with { Position = position, Block = block });
            }
        }
    }

    /// <summary>Begins another part at <see cref="End"/>: for a process that finds that somebody has more of its part than it has itself, as where a machine was put
    /// back with its memory. What is written to one place of a part must be the same for all.</summary>
    /// <exception cref="IOException">That cannot be written.</exception>
    public void BeginPart() => Save(_file.With(new JournalOpening(Guid.NewGuid(), End), FirstSegmentOf(_journal.Path)));

    /// <summary>Whether a name is one that a cursor may have.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>The first segment of a journal that is not summed up.</summary>
    internal static long FirstSegmentOf(string directory) => JournalFile.List(directory).Find(static f => !f.IsTotals)?.First ?? 0;

    /// <summary>The first segment that a cursor of a journal still needs; <see cref="long.MaxValue"/> where none does.</summary>
    internal static long FirstNeeded(string directory)
    {
        var first = long.MaxValue;
        foreach (var path in CursorFile.PathsIn(directory))
        {
            first = Math.Min(first, CursorFile.Read(path).Position.Segment);
        }

        return first;
    }

    /// <summary>The number of the block that ends at a place: what begins there must be the next one, or blocks are gone. Looks for it where neither
    /// the cursor nor its last reading came to an end there, as when the process ended between what was brought and the note of it.</summary>
    private long BlockAt(JournalPosition place)
    {
        if (place == _read.Place)
        {
            return _read.Block;
        }

        var isNoted = Position <= place && _file.Block > 0;
        if (isNoted && Position == place)
        {
            return _file.Block;
        }

        var (at, block) = isNoted ? (Position, _file.Block) : (new JournalPosition(place.Segment, 0), 0L);
        while (at < place)
        {
            var pass = new JournalPass(_journal.Path, at, place, block);
            var next = pass.Read(SearchedAtOnce).Next;
            if (next == at)
            {
                return 0; // there is nothing any more
            }

            (at, block) = (next, pass.LastBlock);
        }

        return at == place ? block : 0;
    }

    private JournalEvents Read(JournalPosition from, JournalPosition end, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (from >= end)
        {
            return new([], [], from, 0); // as most who ask find it, without a look at the disk
        }

        var pass = new JournalPass(_journal.Path, from, end, BlockAt(from));
        var events = pass.Read(most);
        _read = (events.Next, pass.LastBlock);
        return events;
    }

    private void Save(CursorFile file)
    {
        file.Save(_path);
        _file = file;
    }
}

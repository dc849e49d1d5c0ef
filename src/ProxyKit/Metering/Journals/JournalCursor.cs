using System.Globalization;

namespace ProxyKit.Metering.Journals;

/// <summary>
/// Reads a journal's events for somebody who brings them elsewhere, and remembers in the journal's directory how far that has come. What is behind
/// that place stays there as single events, however long it takes.
/// </summary>
/// <remarks>Events are handed out once the disk has them, so none that was handed out is taken back by an end of the machine. For one reader at a
/// time; beside the proxy that writes.</remarks>
public sealed class JournalCursor
{
    private const string Prefix = "cursor-";
    private const int SearchedAtOnce = 10_000; // events

    private readonly UsageJournal _journal;
    private readonly string _path;
    private (JournalPosition Place, long Block) _read; // how far it was read last, and the number of the block that ends there; 0 where it is not known
    private long _block; // that of the one that ends where the cursor stands

    internal JournalCursor(UsageJournal journal, string name)
    {
        (_journal, _path) = (journal, PathOf(journal.Path, name));
        if (File.Exists(_path))
        {
            (Id, Position, _block) = Read(_path);
        }
        else
        {
            Id = Guid.NewGuid();
            Save(default, 0);
        }
    }

    /// <summary>Tells this journal from all others, also from one that takes its place in the same directory: made with the cursor, and kept.</summary>
    public Guid Id { get; }

    /// <summary>How far it has come.</summary>
    public JournalPosition Position { get; private set; }

    /// <summary>The end of what may be read by now.</summary>
    public JournalPosition End => _journal.SafeEnd;

    /// <summary>Reads events behind a place. Does not move on by itself: see <see cref="MoveTo"/>.</summary>
    /// <param name="from">The place: <see cref="Position"/>, or the end of what was read last.</param>
    /// <param name="most">How many events are enough; what was written at once comes at once, so there may be more.</param>
    /// <returns>The events, none where nothing more is safe yet; and the places on the way that cannot be read.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public JournalEvents Read(JournalPosition from, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var end = _journal.SafeEnd;
        if (from >= end)
        {
            return new([], [], from, 0); // as most who ask find it, without a look at the disk
        }

        var pass = new JournalPass(_journal.Path, from, end, BlockAt(from));
        var events = pass.Read(most);
        _read = (events.Next, pass.LastBlock);
        return events;
    }

    /// <summary>Notes that everything before a place was brought where it is wanted. Segments before it may be summed up from now on.</summary>
    /// <param name="position">The place.</param>
    /// <exception cref="IOException">That cannot be written; the place is what it was.</exception>
    public void MoveTo(JournalPosition position)
    {
        if (position > Position)
        {
            Save(position, BlockAt(position));
        }
    }

    /// <summary>Whether a name is one that a cursor may have.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    internal static string PathOf(string directory, string name) => Path.Combine(directory, Prefix + name);

    /// <summary>The first segment that a cursor of a journal still needs; <see cref="long.MaxValue"/> where none does.</summary>
    internal static long FirstNeeded(string directory)
    {
        var first = long.MaxValue;
        foreach (var path in Directory.EnumerateFiles(directory, Prefix + "*"))
        {
            if (!path.EndsWith(JournalFile.Unfinished, StringComparison.Ordinal))
            {
                first = Math.Min(first, Read(path).Position.Segment);
            }
        }

        return first;
    }

    /// <summary>Reads what <see cref="Save"/> wrote; of an earlier version, that did not note the block.</summary>
    private static (Guid Id, JournalPosition Position, long Block) Read(string path)
    {
        var block = 0L;
        var words = File.ReadAllText(path).TrimEnd('\n').Split(' ');
        return words is [var id, var segment, var offset, ..] and { Length: 3 or 4 }
            && Guid.TryParse(id, CultureInfo.InvariantCulture, out var known)
            && TryRead(segment, out var number)
            && TryRead(offset, out var place)
            && (words.Length == 3 || TryRead(words[3], out block))
                ? (known, new JournalPosition(number, place), block)
                : throw new IOException($"The cursor '{path}' is damaged.");

        static bool TryRead(string word, out long value) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The number of the block that ends at a place: what begins there must be the next one, or blocks are gone. Looks for it where neither
    /// the cursor nor its last reading came to an end there, as when the process ended between what was brought and the note of it.</summary>
    private long BlockAt(JournalPosition place)
    {
        if (place == _read.Place)
        {
            return _read.Block;
        }

        var isNoted = Position <= place && _block > 0;
        if (isNoted && Position == place)
        {
            return _block;
        }

        var (at, block) = isNoted ? (Position, _block) : (new JournalPosition(place.Segment, 0), 0L);
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

    /// <summary>Puts a file in the place of the one before, whole or not at all.</summary>
    private void Save(JournalPosition position, long block)
    {
        var unfinished = $"{_path}-{Guid.NewGuid():n}{JournalFile.Unfinished}";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Id} {position.Segment} {position.Offset} {block}\n")));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, _path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished); // it is tried again each second while the disk is full, under other names
            throw;
        }

        DirectoryFlush.ToDisk(_journal.Path); // or the id of one that has brought something might be another one's behind an end of the machine
        (Position, _block) = (position, block);
    }
}

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

    private readonly UsageJournal _journal;
    private readonly string _path;

    internal JournalCursor(UsageJournal journal, string name)
    {
        (_journal, _path) = (journal, PathOf(journal.Path, name));
        if (File.Exists(_path))
        {
            (Id, Position) = Read(_path);
        }
        else
        {
            Id = Guid.NewGuid();
            Save(default);
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
    /// <returns>The events; none where nothing more is safe yet.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public JournalEvents Read(JournalPosition from, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var end = _journal.SafeEnd; // before the directory is read: what is begun later is for the next time
        if (from == end)
        {
            return new([], [], from, 0); // as most who ask find it, without a look at the disk
        }

        var (position, missing) = (from, -1L);
        List<UsageEvent> recorded = [], handedIn = [];
        foreach (var file in JournalFile.List(_journal.Path).Where(f => !f.IsTotals && f.First >= from.Segment && f.First <= end.Segment))
        {
            missing = missing < 0 ? file.First - Math.Max(1, from.Segment) : missing;
            using var reader = new BlockReader(file.Path, file.First == from.Segment ? from.Offset : 0);
            var limit = file.First == end.Segment ? end.Offset : long.MaxValue;
            while (reader.Position < limit && (reader.TryRead() || reader.TrySkipDamage()) && reader.Position <= limit)
            {
                Parse(reader.Records, recorded, handedIn);
                position = new(file.First, reader.Position);
                if (recorded.Count + handedIn.Count >= most)
                {
                    return new(recorded, handedIn, position, missing);
                }
            }

            if (file.First < end.Segment)
            {
                position = new(file.First + 1, 0); // nothing is added to it any more
            }
        }

        return new(recorded, handedIn, position, Math.Max(0, missing));
    }

    /// <summary>Notes that everything before a place was brought where it is wanted. Segments before it may be summed up from now on.</summary>
    /// <param name="position">The place.</param>
    /// <exception cref="IOException">That cannot be written; the place is what it was.</exception>
    public void MoveTo(JournalPosition position)
    {
        if (position > Position)
        {
            Save(position);
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

    private static void Parse(ReadOnlySpan<byte> records, List<UsageEvent> recorded, List<UsageEvent> handedIn)
    {
        for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
        {
            if ((UsageRecordKind)record[2] == UsageRecordKind.Event)
            {
                var reader = new UsageRecordReader(record);
                (reader.HasForeignId ? handedIn : recorded).Add(reader.ToEvent());
            }
        }
    }

    private static (Guid Id, JournalPosition Position) Read(string path)
    {
        var words = File.ReadAllText(path).Split(' ');
        return words is [var id, var segment, var offset]
            && Guid.TryParse(id, CultureInfo.InvariantCulture, out var known)
            && long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var place)
                ? (known, new JournalPosition(number, place))
                : throw new IOException($"The cursor '{path}' is damaged.");
    }

    /// <summary>Puts a file in the place of the one before, whole or not at all.</summary>
    private void Save(JournalPosition position)
    {
        var unfinished = $"{_path}-{Guid.NewGuid():n}{JournalFile.Unfinished}";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Id} {position.Segment} {position.Offset}\n")));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, _path, overwrite: true);
        DirectoryFlush.ToDisk(_journal.Path); // or the id of one that has brought something might be another one's behind an end of the machine
        Position = position;
    }
}

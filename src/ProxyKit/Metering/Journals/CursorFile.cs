using System.Globalization;
using System.Text;

namespace ProxyKit.Metering.Journals;

/// <summary>What a cursor remembers in the journal's directory.</summary>
/// <remarks>A line with the id, the place and the number of the block; then one for each opening, with its id and where the journal ended then. The first
/// of all is the cursor's own, of all that was written before it was there.</remarks>
/// <param name="Id">The cursor's.</param>
/// <param name="Position">How far it has come.</param>
/// <param name="Block">The number of the block that ends there; 0 where it is not known.</param>
/// <param name="Openings">The journal's openings, the oldest first, each behind the one before it; one at least.</param>
internal sealed record CursorFile(Guid Id, JournalPosition Position, long Block, IReadOnlyList<JournalOpening> Openings)
{
    private const string Prefix = "cursor-";

    /// <summary>One that has brought nothing yet.</summary>
    public CursorFile(Guid id)
        : this(id, default, 0, [new(id, default)])
    {
    }

    public static string PathOf(string directory, string name) => Path.Combine(directory, Prefix + name);

    /// <summary>All of a journal's.</summary>
    public static IEnumerable<string> PathsIn(string directory) =>
        Directory.GetFiles(directory, Prefix + "*").Where(static path => !path.EndsWith(JournalFile.Unfinished, StringComparison.Ordinal));

    /// <summary>Reads one; of earlier versions, that did not note the block or the openings.</summary>
    /// <exception cref="IOException">It cannot be read, or is damaged.</exception>
    public static CursorFile Read(string path)
    {
        var block = 0L;
        var lines = File.ReadAllText(path).TrimEnd('\n').Split('\n');
        var words = lines[0].Split(' ');
        var openings = new List<JournalOpening>();
        if (words.Length is not (3 or 4) || !TryReadPlace(words, out var id, out var position) || (words.Length == 4 && !TryRead(words[3], out block)))
        {
            throw Damaged();
        }

        foreach (var line in lines.AsSpan(1))
        {
            openings.Add(line.Split(' ') is { Length: 3 } parts && TryReadPlace(parts, out var opening, out var end) ? new(opening, end) : throw Damaged());
        }

        return new(id, position, block, openings.Count > 0 ? openings : [new(id, default)]);

        IOException Damaged() => new($"The cursor '{path}' is damaged.");

        static bool TryReadPlace(string[] words, out Guid id, out JournalPosition place)
        {
            place = default;
            if (!Guid.TryParse(words[0], CultureInfo.InvariantCulture, out id) || !TryRead(words[1], out var segment) || !TryRead(words[2], out var offset))
            {
                return false;
            }

            place = new(segment, offset);
            return true;
        }

        static bool TryRead(string word, out long value) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether it has noted an opening.</summary>
    public bool Knows(JournalOpening opening) => Openings.Any(o => o.Id == opening.Id);

    /// <summary>Notes an opening, the latest. What others have written behind its end is not there any more, or was nothing.</summary>
    /// <param name="opening">The opening.</param>
    /// <param name="firstSegment">The first that is not summed up: those are forgotten of whose events none is left. Others are not, since they are brought again where
    /// what was brought is gone.</param>
    public CursorFile With(JournalOpening opening, long firstSegment)
    {
        List<JournalOpening> openings = [.. Openings.Where(o => o.End < opening.End), opening];
        var isBack = Position > opening.End;
        var position = isBack ? opening.End : Position; // nothing that is still to be written may be summed up before it was brought
        openings.RemoveRange(0, Math.Max(0, openings.FindLastIndex(o => o.End <= position && o.End.Segment < firstSegment)));
        return this with { Position = position, Block = isBack ? 0 : Block, Openings = openings };
    }

    /// <summary>Puts it in the place of the one before, whole or not at all.</summary>
    /// <exception cref="IOException">That cannot be written; what was there is there.</exception>
    public void Save(string path)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Id} {Position.Segment} {Position.Offset} {Block}\n");
        foreach (var opening in Openings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{opening.Id} {opening.End.Segment} {opening.End.Offset}\n");
        }

        var unfinished = $"{path}-{Guid.NewGuid():n}{JournalFile.Unfinished}";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.ASCII.GetBytes(text.ToString()));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished); // it is tried again each second while the disk is full, under other names
            throw;
        }

        DirectoryFlush.ToDisk(Path.GetDirectoryName(path)!); // a file has one; or the id of one that has brought something might be another one's behind an end of the machine
    }
}

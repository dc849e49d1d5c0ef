using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ProxyKit.Metering.Journals;

/// <summary>Writes a journal: blocks behind each other in one segment, then in the next. One thread at a time, and one process: it holds the
/// journal's lock.</summary>
/// <remarks>A block is written at the place where the last one that is safe ends, and that place moves on only when the disk has said that it is;
/// what a write that failed has left behind it is cut off before anything else is written.</remarks>
internal sealed class JournalWriter : IUsageSink
{
    /// <summary>After how long another segment is tried again that could not be begun.</summary>
    private static readonly TimeSpan RotationPause = TimeSpan.FromSeconds(10);

    private readonly Lock _endLock = new(); // guards _safeEnd
    private readonly string _directory;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly BlockPieces _block = new();
    private SafeFileHandle _file;
    private long _length, _blocks;
    private long _begunAt, _rotationFailedAt; // by timestamps: a clock that is set makes no segment older or younger
    private bool _hasRemains, _isRotationFailing, _isDisposed;
    private JournalPosition _safeEnd;

    /// <summary>Opens a journal, or begins one.</summary>
    /// <exception cref="IOException">It cannot be read or written, or somebody has it open.</exception>
    public JournalWriter(string directory, UsageJournalOptions options, ILogger log, TimeProvider time)
    {
        (_directory, _log, _time) = (directory, log, time);
        Options = options;
        Directory.CreateDirectory(directory);
        _lock = TakeLock(directory);
        try
        {
            var replaced = new List<JournalFile>();
            var files = JournalFile.List(directory, replaced);
            replaced.ForEach(file => Discard(file, files.Find(f => f.First == file.Last + 1)));
            foreach (var unfinished in Directory.EnumerateFiles(directory, "*" + JournalFile.Unfinished))
            {
                File.Delete(unfinished);
            }

            (_file, State, Recovery) = OpenLast(files);
            NoteEnd();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        log.JournalOpened(directory, Recovery.Segment);
    }

    /// <summary>What was found at the start.</summary>
    public JournalRecovery Recovery { get; }

    /// <summary>What was written so far, as far as later events depend on it.</summary>
    public SegmentState State { get; }

    /// <summary>Until when all is closed, in milliseconds since 1970.</summary>
    public long ClosedUntil => State.ClosedUntil;

    /// <summary>The number of the segment that is written to.</summary>
    public long Segment { get; private set; }

    /// <summary>How the journal is kept; may change between writes.</summary>
    public UsageJournalOptions Options { get; set; }

    /// <summary>The end of what the disk has. Any thread.</summary>
    public JournalPosition SafeEnd
    {
        get
        {
            lock (_endLock)
            {
                return _safeEnd;
            }
        }
    }

    /// <summary>Told that a segment was finished.</summary>
    public Action? Rotated { get; set; }

    public void Write(ReadOnlySpan<UsageBatch> batches)
    {
        CutRemains();
        var (end, number) = (_length, _blocks);
        _hasRemains = true; // until all of it is safe
        _block.Clear();
        foreach (var batch in batches)
        {
            for (var rest = _block.Add(batch.Records); !rest.IsEmpty; rest = _block.Add(rest))
            {
                WriteBlock(ref end, ref number); // it is full
            }
        }

        if (!_block.IsEmpty)
        {
            WriteBlock(ref end, ref number);
        }

        (_length, _blocks, _hasRemains) = (end, number, false);
        NoteEnd();
        foreach (var batch in batches)
        {
            if (batch.HasForeignIds)
            {
                State.See(batch.Records.Span);
            }
        }

        if ((_length >= Options.SegmentBytes || _time.GetElapsedTime(_begunAt) >= Options.SegmentAge)
            && (!_isRotationFailing || _time.GetElapsedTime(_rotationFailedAt) >= RotationPause))
        {
            TryRotate();
        }
    }

    /// <summary>Writes the block, and has the disk have it before another one: behind an end of the machine a later one may be there and an earlier one not, which
    /// would be damage though nobody was told that it is safe.</summary>
    private void WriteBlock(ref long end, ref long number)
    {
        _block.Seal(_time.GetUtcNow().ToUnixTimeMilliseconds(), number + 1);
        RandomAccess.Write(_file, _block.Pieces, end);
        RandomAccess.FlushToDisk(_file);
        (end, number) = (end + _block.Length, number + 1);
        _block.Clear();
    }

    /// <summary>Closes the time before a moment.</summary>
    public void Close(long until)
    {
        var block = new byte[JournalBlock.HeadBytes + 11];
        SegmentState.WriteClose(block.AsSpan(JournalBlock.HeadBytes), until);
        JournalBlock.Seal(block, 1, _time.GetUtcNow().ToUnixTimeMilliseconds(), _blocks + 1);
        CutRemains();
        _hasRemains = true;
        RandomAccess.Write(_file, block, _length);
        RandomAccess.FlushToDisk(_file);
        (_length, _blocks, _hasRemains) = (_length + block.Length, _blocks + 1, false);
        NoteEnd();
        State.ClosedUntil = Math.Max(State.ClosedUntil, until);
    }

    /// <summary>Begins another segment.</summary>
    public void Rotate()
    {
        CutRemains(); // in a segment that is not written to any more they would be damage
        var next = Begin(Segment + 1, State, out var length);
        _file.Dispose();
        (_file, _length, Segment, _begunAt) = (next, length, Segment + 1, _time.GetTimestamp());
        _isRotationFailing = false;
        NoteEnd();
        Rotated?.Invoke();
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            try
            {
                CutRemains();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The disk fails still. Whoever opens the journal next finds whole blocks there and counts them, or a tail that it cuts off.
                _log.RemainsStay(e, _directory, Segment);
            }

            _file.Dispose();
            _lock.Dispose();
        }
    }

    /// <summary>Does away with what counts no more, since sums have taken its place.</summary>
    /// <param name="replaced">What that is.</param>
    /// <param name="next">The file behind it, which may say that its end is not there; null where there is none.</param>
    private static void Discard(JournalFile replaced, JournalFile? next)
    {
        var isWhole = replaced.IsTotals;
        if (!isWhole)
        {
            var judge = new JournalJudge(Path.GetDirectoryName(replaced.Path)!); // a file has one
            using var reader = judge.Open(replaced);
            reader.ReadToEnd();
            isWhole = judge.FindsWhole(reader, next);
        }

        JournalCompaction.Discard(replaced, isWhole);
    }

    /// <summary>Cuts off what a write that failed has left. Whole blocks among it would count although their events were given up, and behind a shorter
    /// write the rest would be damage.</summary>
    private void CutRemains()
    {
        if (_hasRemains)
        {
            RandomAccess.SetLength(_file, _length);
            _hasRemains = false;
        }
    }

    private void NoteEnd()
    {
        lock (_endLock)
        {
            _safeEnd = new(Segment, _length);
        }
    }

    private static FileStream TakeLock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, JournalFile.LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"The usage journal '{directory}' is in use by another process or proxy.", e);
        }
    }

    private void TryRotate()
    {
        try
        {
            Rotate();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isRotationFailing)
            {
                _log.RotationFailed(e, _directory); // once: there may be a thousand writes a second
            }

            (_isRotationFailing, _rotationFailedAt) = (true, _time.GetTimestamp());
        }
    }

    /// <summary>Finds the segment that is written to from now on, or begins one.</summary>
    private (SafeFileHandle File, SegmentState State, JournalRecovery Recovery) OpenLast(List<JournalFile> files)
    {
        SafeFileHandle? file = null;
        try
        {
            var (state, recovery) = OpenLast(files, ref file);
            return (file!, state, recovery); // it is there once nothing has failed
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <param name="files">The files there are.</param>
    /// <param name="file">Receives the segment that is written to from now on, also where the rest fails.</param>
    private (SegmentState State, JournalRecovery Recovery) OpenLast(List<JournalFile> files, ref SafeFileHandle? file)
    {
        var unread = new List<(JournalFile Segment, long Length)>(); // behind the last one of which something can be read, the newest first
        _begunAt = _time.GetTimestamp();
        for (var i = files.Count - 1; i >= 0 && !files[i].IsTotals; i--)
        {
            var state = new SegmentState(Options.KnownIds);
            var (whole, length, damaged) = Scan(files[i].Path, state);
            if (whole == 0)
            {
                unread.Add((files[i], length));
                continue;
            }

            if (damaged > 0)
            {
                state = ScanAll(files.Take(i + 1).Where(static f => !f.IsTotals)); // what its head said may be what is damaged
            }

            (Segment, _length) = (files[i].First, whole);
            file = File.OpenHandle(files[i].Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (length > whole)
            {
                RandomAccess.SetLength(file, whole);
                _log.TailCut(_directory, Segment, length - whole);
            }

            RandomAccess.FlushToDisk(file); // what the process before it wrote may be in the machine's memory only, and is handed out from now on

            if (damaged > 0)
            {
                _log.Damaged(_directory, Segment, damaged);
            }

            var lost = PutAway(unread, state, ref file);
            return (state, new JournalRecovery(Segment, length - whole, damaged + lost));
        }

        var first = new SegmentState(Options.KnownIds);
        Segment = (files.Count - unread.Count is var read and > 0 ? files[read - 1].Last : 0) + 1; // the number of one that was only begun is free again, or it would be missed
        var unreadable = PutAway(unread, first, ref file);
        file ??= Begin(Segment, first, out _length);
        return (first, new JournalRecovery(Segment, 0, unreadable));
    }

    /// <summary>Does away with segments that the process before has ended in while it began them, and puts away those that are longer: there may be events in
    /// them. Behind such a one another is begun first, so that whoever reads the journal is told of it, whatever happens meanwhile.</summary>
    /// <returns>How many bytes were put away.</returns>
    private long PutAway(List<(JournalFile Segment, long Length)> unread, SegmentState state, ref SafeFileHandle? file)
    {
        var (bytes, most) = (0L, JournalBlock.HeadBytes + state.Length);
        var longer = unread.Where(u => u.Length > most).ToList();
        if (longer.Count > 0)
        {
            file?.Dispose();
            Segment = longer[0].Segment.First + 1;
            file = Begin(Segment, state, out _length);
        }

        foreach (var (segment, length) in unread)
        {
            if (length > most)
            {
                _log.SegmentSetAside(_directory, segment.First, length, segment.Path + JournalFile.Damaged);
                JournalCompaction.Discard(segment, isWhole: false);
                bytes += length;
                continue;
            }

            if (length > 0)
            {
                _log.TailCut(_directory, segment.First, length);
            }

            if (segment.First != Segment) // else it is written over
            {
                File.Delete(segment.Path);
            }
        }

        return bytes;
    }

    private SegmentState ScanAll(IEnumerable<JournalFile> segments)
    {
        var state = new SegmentState(Options.KnownIds);
        foreach (var segment in segments)
        {
            Scan(segment.Path, state);
        }

        return state;
    }

    private (long Whole, long Length, long Damaged) Scan(string path, SegmentState state)
    {
        using var reader = new BlockReader(path);
        while (reader.TryRead() || reader.TrySkipDamage())
        {
            _blocks = JournalBlock.NumberOf(reader.Block);
            state.See(reader.Records);
        }

        return (reader.Position, reader.Length, reader.DamagedBytes);
    }

    /// <summary>Makes a segment that can be read without those before it.</summary>
    private SafeFileHandle Begin(long number, SegmentState state, out long length)
    {
        var path = JournalFile.SegmentPath(_directory, number);
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            using var block = new MemoryStream();
            block.SetLength(JournalBlock.HeadBytes);
            block.Position = JournalBlock.HeadBytes;
            var records = state.Write(block);
            var bytes = block.GetBuffer().AsSpan(0, (int)block.Length);
            JournalBlock.Seal(bytes, records, _time.GetUtcNow().ToUnixTimeMilliseconds(), _blocks + 1);
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
            DirectoryFlush.ToDisk(_directory);
            _blocks++; // now that it is there: a number that is missing is damage
            length = bytes.Length;
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(path); // who opens the journal next must not take it for the newest
            throw;
        }
    }
}

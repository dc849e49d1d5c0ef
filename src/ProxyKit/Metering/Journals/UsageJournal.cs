using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Logging;

namespace ProxyKit.Metering.Journals;

/// <summary>
/// Usage events in files of one directory: appended, under checksums, written in groups. Old ones are summed up by hour, client, tier and meter. One
/// process writes to it; others may read.
/// </summary>
public sealed class UsageJournal : IUsageStore, IAsyncDisposable
{
    private const int WrittenAtOnce = 1_000; // events of a list: each that waits for the disk has a record, a ticket and a task beside the room that is bounded

    private readonly Lock _lock = new(); // guards _known and _underWay
    private readonly JournalWriter _writer;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _compacting = new(1, 1);
    private readonly HashSet<string> _damagedSums = new(StringComparer.Ordinal); // so that each is told once; used by who holds _compacting
    private readonly KnownIds _known;
    private readonly Dictionary<UInt128, TaskCompletionSource<bool>> _underWay = []; // events that are handed in just now: whether they are safe
    private volatile bool _isDisposed;

    private UsageJournal(string directory, UsageJournalOptions options, ILogger log, TimeProvider time)
    {
        (Path, _log, _time) = (directory, log, time);
        _writer = new JournalWriter(directory, options, log, time) { Rotated = CompactInBackground };
        Opening = new(Guid.NewGuid(), _writer.SafeEnd);
        NoteOpening();
        _known = new KnownIds(options.KnownIds, _writer.State.Ids);
        Recorder = new UsageRecorder(_writer, options.Bounds, log, time, directory);
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>What was found when it was opened.</summary>
    public JournalRecovery Recovery => _writer.Recovery;

    /// <summary>Until when the time is closed; null where none is. See <see cref="ClosePeriodAsync"/>.</summary>
    public DateTimeOffset? ClosedUntil => JournalReader.ToTime(_writer.ClosedUntil);

    /// <summary>How many events were written since it was opened.</summary>
    public long WrittenEvents => Recorder.Written;

    /// <summary>How many events were lost since it was opened: 0, but where the disk failed for longer than there was room in memory, or until
    /// the end.</summary>
    public long LostEvents => Recorder.Lost;

    /// <summary>This opening of it.</summary>
    internal JournalOpening Opening { get; }

    /// <summary>The end of what the disk has.</summary>
    internal JournalPosition SafeEnd => _writer.SafeEnd;

    /// <summary>What proxies add their events to.</summary>
    internal UsageRecorder Recorder { get; }

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="directory">Where it lies; made where it is not there.</param>
    /// <param name="options">How it is kept; null for the usual.</param>
    /// <param name="loggerFactory">Where it tells what happens to it; null for nowhere.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's clock.</param>
    /// <returns>The journal. Whatever an earlier process left behind, it opens: see <see cref="Recovery"/>.</returns>
    /// <exception cref="IOException">The directory cannot be read or written, or another process writes to it.</exception>
    /// <exception cref="ArgumentException">The options are out of their ranges; all faults are told.</exception>
    public static UsageJournal Open(
        string directory, UsageJournalOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new UsageJournalOptions();
        var faults = options.Faults().Select(static f => $"{f.Property}: {f.Fault}.").ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        try
        {
            var log = new UnfailingLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(MeteringLog.Category));
            return new UsageJournal(System.IO.Path.GetFullPath(directory), options, log, timeProvider ?? TimeProvider.System);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Adds up what a journal holds, also one that another process writes to.</summary>
    /// <param name="directory">The journal.</param>
    /// <param name="query">What is wanted.</param>
    /// <returns>The totals, ordered by time, client, tier and meter.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged, so that something would be missing in them: <see cref="Salvage"/> has the rest.</exception>
    public static IReadOnlyList<UsageTotal> ReadTotals(string directory, UsageQuery query)
    {
        var usage = Salvage(directory, query);
        return usage.Damage.Count == 0 ? usage.Totals
            : throw new InvalidDataException($"The usage journal '{directory}' is damaged: {string.Join("; ", usage.Damage)}.");
    }

    /// <summary>Adds up what can be read of a journal that may be damaged, also one that another process writes to.</summary>
    /// <param name="directory">The journal.</param>
    /// <param name="query">What is wanted.</param>
    /// <returns>The totals, and what is not in them, whatever time it is of.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SalvagedUsage Salvage(string directory, UsageQuery query)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(query);
        var (sums, judge) = JournalReader.Sum(directory, query);
        return new SalvagedUsage(sums.ToTotals(), judge.Damage, judge.UnfinishedBytes);
    }

    /// <summary>Until when the time of a journal is closed, also of one that another process writes to.</summary>
    /// <param name="directory">The journal.</param>
    /// <returns>The moment; null where none is.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DateTimeOffset? ReadClosedUntil(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return JournalReader.ClosedUntil(directory);
    }

    /// <summary>Reads the single events that a journal still holds, in the order in which they were written.</summary>
    /// <param name="directory">The journal.</param>
    /// <param name="query">Those that happened in its time, of its client; null for all. Its resolution says nothing here.</param>
    /// <returns>The events; read as they are taken. What is damaged is left out: <see cref="Salvage"/> tells whether anything is.</returns>
    public static IEnumerable<UsageEvent> ReadEvents(string directory, UsageQuery? query = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var client = query?.Client is { } name ? UsageText.Stored(name) : null;
        return JournalReader.Events(directory)
            .Where(e => (client is null || e.Client == client) && !(e.Time < query?.From) && !(e.Time >= query?.Until));
    }

    /// <summary>Writes an event.</summary>
    /// <param name="usage">The event.</param>
    /// <param name="cancellationToken">Given up before it begins; then it is seen through.</param>
    /// <returns>Once it is safe: true, or false where its id is among the latest <see cref="UsageJournalOptions.KnownIds"/>, so that it does not
    /// count again.</returns>
    /// <exception cref="IOException">The disk fails. The event may be written later; it is safe to hand it in again.</exception>
    /// <exception cref="ArgumentException">It has more than 16 meters, or more than 10^12 of one.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public async ValueTask<bool> AppendAsync(UsageEvent usage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (usage.Meters.Count > UsageRecord.MaxMeters)
        {
            throw new ArgumentException($"An event has {UsageRecord.MaxMeters} meters at most.", nameof(usage));
        }

        if (usage.Meters.Any(static m => m.Quantity is > UsageRecord.MostOfMeter or < -UsageRecord.MostOfMeter))
        {
            throw new ArgumentException($"An event counts {UsageRecord.MostOfMeter} of a meter at most.", nameof(usage));
        }

        var ticket = TicketOf(usage);
        var id = UsageRecord.ToNumber(usage.Id);
        var underWay = Enter(id, out var isNew);
        if (!isNew)
        {
            ThrowUnless(underWay is null || await underWay.Task.ConfigureAwait(false));
            await FlushAsync().ConfigureAwait(false); // one that was given up may be in memory still
            return false;
        }

        var isSafe = false;
        try
        {
            isSafe = await Recorder.AddAsync(ticket, untilSafe: true).ConfigureAwait(false);
        }
        finally
        {
            Leave(ticket, id, underWay!, isSafe); // it is new
        }

        ThrowUnless(isSafe);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var part in events.Chunk(WrittenAtOnce))
        {
            await Task.WhenAll(part.Select(e => AppendAsync(e, cancellationToken).AsTask())).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The journal is damaged. <see cref="Salvage"/> reads the rest.</exception>
    public async ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        await FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => ReadTotals(Path, query), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until all events that are there are safe.</summary>
    /// <returns>When they are.</returns>
    /// <exception cref="IOException">The disk fails.</exception>
    public Task FlushAsync() => Recorder.FlushAsync();

    /// <summary>Closes the time before a moment, a month say, so that what is charged for it does not change any more: what happened then and is
    /// written from now on counts in the hour it is written, as a correction of its own hour. Cannot be undone.</summary>
    /// <param name="until">The moment; a whole hour that is over.</param>
    /// <returns>When it is safe.</returns>
    /// <exception cref="ArgumentException">It is no whole hour, or not over.</exception>
    /// <exception cref="IOException">The disk fails.</exception>
    public Task ClosePeriodAsync(DateTimeOffset until)
    {
        if (until.ToUnixTimeMilliseconds() % UsageHours.MillisecondsPerHour != 0 || until > _time.GetUtcNow())
        {
            throw new ArgumentException($"{until:u} is no whole hour that is over.", nameof(until));
        }

        return Recorder.InvokeAsync(() => _writer.Close(until.ToUnixTimeMilliseconds()));
    }

    /// <summary>Sums up the segments whose last event is older than <see cref="UsageJournalOptions.CompactAfter"/>. Happens by itself when a
    /// segment ends.</summary>
    /// <returns>When it is done.</returns>
    /// <exception cref="IOException">The disk fails; nothing is lost.</exception>
    public async Task CompactAsync()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await _compacting.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this); // meanwhile
            await Task.Run(Compact).ConfigureAwait(false);
        }
        finally
        {
            _compacting.Release();
        }
    }

    /// <summary>Begins to read events for somebody who brings them elsewhere, or goes on with it. From now on nothing is summed up that has not been
    /// brought there, also when the journal is opened again: see <see cref="RemoveCursor"/>.</summary>
    /// <param name="name">Where they are brought: 1 to 40 lower-case letters and digits.</param>
    /// <returns>The cursor; usable also once the journal is closed, for what is left.</returns>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="IOException">The directory cannot be written, or what the cursor kept there is damaged.</exception>
    public JournalCursor OpenCursor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return JournalCursor.IsName(name) ? new(this, name)
            : throw new ArgumentException($"'{name}' is no name of a cursor: 1 to 40 lower-case letters and digits.", nameof(name));
    }

    /// <summary>Forgets a cursor, so that nothing waits for it any more. One that is opened under its name later has another id and begins at the beginning:
    /// what was brought comes again.</summary>
    /// <param name="name">The cursor's name; one that is not there is no fault.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public void RemoveCursor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        File.Delete(JournalCursor.IsName(name) ? CursorFile.PathOf(Path, name) : throw new ArgumentException($"'{name}' is no name of a cursor.", nameof(name)));
    }

    /// <summary>Begins another segment now, so that the one before can be summed up when its time has come.</summary>
    /// <returns>When it has begun.</returns>
    /// <exception cref="IOException">The disk fails.</exception>
    public Task RotateAsync() => Recorder.InvokeAsync(_writer.Rotate);

    /// <summary>Writes what is there, and lets go of the files.</summary>
    /// <returns>When it is done.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Recorder.WriteSoon(); // before a compaction that takes its time
            await _compacting.WaitAsync().ConfigureAwait(false); // what runs may finish; nothing else begins, as it sees that this is over
            _compacting.Release();
            await Recorder.DisposeAsync().ConfigureAwait(false); // gives back the journal's lock, with which another one may compact
        }
    }

    /// <summary>Keeps the journal in another way from now on; <see cref="UsageJournalOptions.KnownIds"/> counts when it is opened next.</summary>
    internal void Use(UsageJournalOptions options)
    {
        _writer.Options = options;
        Recorder.Use(options.Bounds);
    }

    /// <summary>Has the cursors know of this opening before anything is written: where an older state was put back, it tells what is new.</summary>
    private void NoteOpening()
    {
        var (paths, first) = (Array.Empty<string>(), 0L);
        Try(Path, () => (paths, first) = ([.. CursorFile.PathsIn(Path)], JournalCursor.FirstSegmentOf(Path)));
        foreach (var path in paths)
        {
            Try(path, () => CursorFile.Read(path).With(Opening, first).Save(path));
        }

        void Try(string path, Action work)
        {
            try
            {
                work();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.OpeningNotNoted(e, Path, path); // the cursor tries it again when it is opened, and tells if it cannot be read
            }
        }
    }

    /// <summary>An event on its way, as long as it is.</summary>
    internal static UsageTicket TicketOf(UsageEvent usage)
    {
        Span<byte> record = stackalloc byte[UsageRecord.MaxBytes];
        var length = UsageRecord.Write(usage, record);
        var ticket = new UsageTicket(length) { Length = length };
        record[..length].CopyTo(ticket.Room);
        return ticket;
    }

    /// <summary>Notes that an event is handed in, unless its id is known.</summary>
    /// <returns>Tells whether it is safe, or the one of the same id that is under way; null where that is over.</returns>
    private TaskCompletionSource<bool>? Enter(UInt128 id, out bool isNew)
    {
        lock (_lock)
        {
            isNew = _known.TryAdd(id);
            return isNew ? _underWay[id] = new(TaskCreationOptions.RunContinuationsAsynchronously) : _underWay.GetValueOrDefault(id);
        }
    }

    /// <summary>Tells those who handed the same in meanwhile; an event that was not kept may be handed in again.</summary>
    private void Leave(UsageTicket ticket, UInt128 id, TaskCompletionSource<bool> underWay, bool isSafe)
    {
        lock (_lock)
        {
            if (_underWay.GetValueOrDefault(id) == underWay) // else its id was forgotten, being old, and came again
            {
                _underWay.Remove(id);
            }

            if (ticket.IsLost)
            {
                _known.Remove(id);
            }
        }

        underWay.SetResult(isSafe);
    }

    private void ThrowUnless(bool isSafe)
    {
        if (!isSafe)
        {
            throw new IOException($"The usage journal '{Path}' cannot be written.");
        }
    }

    private void Compact()
    {
        var now = _time.GetUtcNow();
        var known = _damagedSums.ToArray();
        JournalCompaction.Compact(Path, Math.Min(_writer.Segment, JournalCursor.FirstNeeded(Path)), now - _writer.Options.CompactAfter, now, _damagedSums);
        foreach (var file in _damagedSums.Except(known))
        {
            _log.SumsDamaged(file);
        }
    }

    private void CompactInBackground() => _ = Task.Run(async () =>
    {
        if (_compacting.CurrentCount == 0)
        {
            return; // one is at it
        }

        try
        {
            await CompactAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (_isDisposed)
        {
            // It has time until the journal is opened again.
        }
        catch (Exception e)
        {
            _log.CompactionFailed(e, Path); // whatever it is, the segments are still there
        }
    });
}

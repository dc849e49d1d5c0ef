using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using ProxyKit.Metering.Journals;
using ProxyKit.Tiers;

namespace ProxyKit.Metering.Quotas;

/// <summary>Keeps the quotas of one group of tiers in a file. One process at a time: it holds the file's lock.</summary>
/// <remarks>
/// The file has a line for each count, and changes are lines behind them, so that what is written goes by what has changed; the last line of a count is the one
/// that counts. When the changes have become more than the rest, all that is there is written to another file, which takes the place of the first.
/// </remarks>
internal sealed class QuotaFile : IQuotaStore, IDisposable
{
    /// <summary>So many bytes of changes are no reason to write everything anew.</summary>
    private const long LeastChanges = 1024 * 1024;

    private readonly string _path;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private FileStream? _file; // at its end; null until it was written
    private long _safe; // how long the file is as far as the disk has it
    private long _whole; // how long it was when all was written last

    /// <exception cref="IOException">It cannot be read or written, or somebody has it open.</exception>
    public QuotaFile(string folder, string tiers, ILogger log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        Directory.CreateDirectory(folder);
        var name = Uri.EscapeDataString(tiers);
        name = name.Length <= 100 ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tiers)));
        _path = Path.Combine(folder, $"quotas-{name}");
        try
        {
            _lock = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"the quotas in '{_path}' are kept by another process or proxy.", e);
        }
    }

    /// <summary>Tells all that is there, to be written anew.</summary>
    public Func<IEnumerable<QuotaCount>>? All { get; set; }

    public ValueTask<IReadOnlyList<QuotaCount>> ReadAsync(string tiers, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, QuotaCount>(StringComparer.Ordinal);
        if (File.Exists(_path))
        {
            Read(counts);
        }

        var now = _time.GetUtcNow();
        QuotaCount[] kept = [.. counts.Values.Where(c => c.EndsAt > now && c.Used > 0)];
        WriteAll(kept);
        return new(kept);
    }

    public ValueTask WriteAsync(string tiers, IReadOnlyList<QuotaCount> changed, CancellationToken cancellationToken)
    {
        if (All is { } all && _safe - _whole > Math.Max(LeastChanges, _whole))
        {
            WriteAll(all()); // has the changes
        }
        else
        {
            Append(changed);
        }

        return default;
    }

    public void Dispose()
    {
        Close(_file);
        _lock.Dispose();
    }

    private static void Close(FileStream? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // What was still in its buffer is of a write that failed, which was told; it is closed all the same.
        }
    }

    private static void Write(FileStream file, in QuotaCount count) => file.Write(Encoding.ASCII.GetBytes(QuotaLine.Write(in count)));

    private void Append(IReadOnlyList<QuotaCount> changed)
    {
        var file = _file!; // it was read first
        file.Position = _safe; // behind a write that failed too: it is made again over what that left
        foreach (var count in changed)
        {
            Write(file, in count);
        }

        if (file.Length > file.Position)
        {
            file.SetLength(file.Position);
        }

        file.Flush(flushToDisk: true);
        _safe = file.Position;
    }

    private void Read(Dictionary<string, QuotaCount> counts)
    {
        var (number, bad, firstBad) = (0, 0, 0);
        foreach (var line in File.ReadLines(_path, Encoding.Latin1))
        {
            number++;
            if (QuotaLine.TryParse(line, out var count, out var key))
            {
                counts[key] = count;
            }
            else
            {
                (bad, firstBad) = (bad + 1, bad == 0 ? number : firstBad);
            }
        }

        if (bad == 1 && firstBad == number)
        {
            _log.QuotasTailCut(_path, number);
        }
        else if (bad > 0)
        {
            File.Copy(_path, _path + JournalFile.Damaged, overwrite: true); // what cannot be read is not thrown away
            _log.QuotasDamaged(_path, bad, firstBad);
        }
    }

    /// <summary>Puts a file in the place of the one before, whole or not at all.</summary>
    private void WriteAll(IEnumerable<QuotaCount> counts)
    {
        var unfinished = _path + JournalFile.Unfinished;
        var file = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024);
        try
        {
            foreach (var count in counts)
            {
                Write(file, in count);
            }

            file.Flush(flushToDisk: true);
            File.Move(unfinished, _path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        Close(_file);
        (_file, _safe, _whole) = (file, file.Position, file.Position);
        DirectoryFlush.ToDisk(Path.GetDirectoryName(_path)!); // it was put together with one
    }
}

using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace ProxyKit.Testing;

/// <summary>Tells when nothing in this process is at work any more: whatever was under way has ended, or waits for what only the test brings about
/// (bytes, a gate, the clock). A test that looks then sees what its words have led to, however slow the machine is.</summary>
/// <remarks>Seen from outside, as the kernel has it: every thread sleeps, none has run between two looks, and no work waits for a thread. Bytes on
/// their way between sockets of one machine are with the receiver, and have woken its thread, before the sender's call returns. What a timer of the
/// real clock will do is not known here, nor what another process does that was not included.</remarks>
public static class Stillness
{
    private const int MostWatched = 300;

    private static readonly Lock Turn = new(); // guards Threads and Folders; who waits for it sleeps, and so does not keep others from finding stillness
    private static readonly Dictionary<string, WatchedThread> Threads = new(StringComparer.Ordinal);
    private static readonly List<string> Folders = ["/proc/self/task"];

    /// <summary>Whether this system shows how long its threads have run: Linux does, where it was built to.</summary>
    private static readonly bool ShowsThreads = OperatingSystem.IsLinux() && File.Exists("/proc/thread-self/schedstat");

    [ThreadStatic]
    private static string? _self;

    /// <summary>How long a test waits for stillness that may never come, since something goes by the real clock: it only looks too early then.</summary>
    public static TimeSpan Moment { get; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Waits until nothing is at work.</summary>
    /// <param name="limit">How long at most; five seconds by default, since nothing but a mistake keeps a test at work for ever.</param>
    /// <returns>False when that did not come to be within the limit.</returns>
    public static bool Wait(TimeSpan? limit = null)
    {
        var patience = Stopwatch.StartNew();
        while (!IsStill())
        {
            if (patience.Elapsed > (limit ?? TimeSpan.FromSeconds(5)))
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>Has another process looked at too, from now on: one that takes part in what the test does.</summary>
    public static void Include(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        lock (Turn)
        {
            Folders.Add($"/proc/{process.Id}/task");
        }
    }

    /// <summary>Has a process looked at no more.</summary>
    public static void Exclude(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        lock (Turn)
        {
            Folders.Remove($"/proc/{process.Id}/task");
        }
    }

    private static bool IsStill()
    {
        if (!ShowsThreads)
        {
            Thread.Sleep(10); // others get time, and the tests are a little less certain
            return true;
        }

        if (ThreadPool.PendingWorkItemCount > 0)
        {
            return false;
        }

        lock (Turn)
        {
            if (Threads.Count > MostWatched)
            {
                ForgetLocked(); // most have ended
            }

            // All asleep at the first look, and none has run up to the second: so between them all were asleep at once.
            return AllSleep(isFirstLook: true) && AllSleep(isFirstLook: false) && ThreadPool.PendingWorkItemCount == 0;
        }
    }

    private static void ForgetLocked()
    {
        foreach (var thread in Threads.Values)
        {
            thread.Dispose();
        }

        Threads.Clear();
    }

    private static bool AllSleep(bool isFirstLook)
    {
        _self ??= new FileInfo("/proc/thread-self").LinkTarget!.Split('/')[^1]; // a link, as long as there is a thread to ask
        foreach (var folder in Folders)
        {
            foreach (var path in ThreadsOf(folder))
            {
                if (Path.GetFileName(path) != _self && !Sleeps(path, isFirstLook))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static string[] ThreadsOf(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // the process has ended
        }
    }

    private static bool Sleeps(string path, bool isFirstLook)
    {
        if (!Threads.TryGetValue(path, out var thread))
        {
            if (!isFirstLook)
            {
                return false; // it began just now
            }

            Threads[path] = thread = new WatchedThread(path);
        }

        var sleeps = thread.Look(isFirstLook, out var isGone);
        if (isGone)
        {
            Threads.Remove(path);
            thread.Dispose();
        }

        return sleeps;
    }

    /// <summary>A thread as the kernel shows it.</summary>
    private sealed class WatchedThread(string path) : IDisposable
    {
        private readonly SafeFileHandle? _state = Open(path, "stat"), _runs = Open(path, "schedstat");
        private readonly byte[] _before = new byte[128], _now = new byte[128];
        private int _length;

        /// <summary>Whether it sleeps and, but for the first look, has not run since the last.</summary>
        public bool Look(bool isFirst, out bool isGone)
        {
            isGone = _state is null || _runs is null;
            try
            {
                return !isGone && (Sleeps() || IsCompiler()) && (HasNotRun(isFirst) || IsCompiler());
            }
            catch (IOException)
            {
                isGone = true; // it has ended
                return false;
            }
        }

        public void Dispose()
        {
            _state?.Dispose();
            _runs?.Dispose();
        }

        private static SafeFileHandle? Open(string path, string file)
        {
            try
            {
                return File.OpenHandle($"{path}/{file}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            }
            catch (IOException)
            {
                return null; // it has ended
            }
        }

        /// <summary>Its state stands behind its name: <c>17 (name) S ...</c>.</summary>
        private bool Sleeps()
        {
            var read = _now.AsSpan(0, RandomAccess.Read(_state!, _now, 0)); // not gone
            var at = read.LastIndexOf((byte)')') + 2;
            return at >= 2 && at < read.Length && read[at] is (byte)'S' or (byte)'Z' or (byte)'X';
        }

        /// <summary>Whether it makes code faster in the background, which others do not wait for. Its name has been read a moment ago.</summary>
        private bool IsCompiler() => _now.AsSpan().IndexOf("(.NET Tiered"u8) >= 0;

        /// <summary>How long it has run, how long it waited to, and how often.</summary>
        private bool HasNotRun(bool isFirst)
        {
            Span<byte> now = stackalloc byte[128];
            var length = RandomAccess.Read(_runs!, now, 0); // not gone
            var same = now[..length].SequenceEqual(_before.AsSpan(0, _length));
            now.CopyTo(_before);
            _length = length;
            return isFirst || same;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Benchmarks.Metering;

/// <summary>What it takes to write usage down at a steady pace.</summary>
internal static class UsageLoad
{
    private const int Waiting = 64;

    public static async Task RunAsync(string[] numbers)
    {
        var rate = numbers.Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : 50_000;
        var time = TimeSpan.FromSeconds(numbers.Length > 1 ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : 10);
        var folder = Directory.CreateTempSubdirectory("proxykit-usage-").FullName;
        try
        {
            await using var journal = UsageJournal.Open(folder);
            Pace(journal.Recorder, rate, TimeSpan.FromSeconds(2)); // warm
            var idle = Pace(journal.Recorder, 0, time);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var loaded = Pace(journal.Recorder, rate, time);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            await journal.FlushAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate} events/s batched: {loaded:P1} of a core ({idle:P1} without events); {allocated / (rate * time.TotalSeconds):F2} bytes allocated per event; {journal.WrittenEvents} written, {journal.LostEvents} lost"));
            var safe = await WaitAsync(journal.Recorder, time);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Waiting} who wait: {safe:F0} events/s safe"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Adds events once a millisecond.</summary>
    /// <returns>What the process takes of a core.</returns>
    private static double Pace(UsageRecorder recorder, int rate, TimeSpan time)
    {
        var ticket = new UsageTicket(UsageRecord.MaxBytes);
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var added = 0L;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < time)
        {
            for (var due = (long)(elapsed.TotalSeconds * rate); added < due; added++)
            {
                Add(recorder, ticket, untilSafe: false).AsTask().Wait();
            }

            Thread.Sleep(1);
        }

        return (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(start);
    }

    private static async Task<double> WaitAsync(UsageRecorder recorder, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Waiting).Select(_ => Task.Run(async () =>
        {
            var ticket = new UsageTicket(UsageRecord.MaxBytes);
            var count = 0L;
            for (; Stopwatch.GetElapsedTime(start) < time; count++)
            {
                await Add(recorder, ticket, untilSafe: true);
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static ValueTask<bool> Add(UsageRecorder recorder, UsageTicket ticket, bool untilSafe)
    {
        var writer = new UsageRecordWriter(ticket.Room);
        writer.Text("3f0c9a8e-client-of-some-length"u8);
        writer.Text("gold"u8);
        writer.Text("public");
        writer.Text("orders");
        writer.BeginMeters();
        writer.Meter("tokens"u8, 12);
        ticket.Length = writer.Length;
        UsageRecord.WriteHead(ticket.Record, new UsageEnd(
            UsageOutcome.Served, false, recorder.NextId(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 200, 420, 1_337));
        return recorder.AddAsync(ticket, untilSafe);
    }
}

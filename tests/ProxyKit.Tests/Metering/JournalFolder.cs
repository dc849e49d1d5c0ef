using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Metering;

/// <summary>A journal's directory for one test.</summary>
internal sealed class JournalFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("proxykit-usage-").FullName;

    /// <summary>The newest segment.</summary>
    public string LastSegment => Directory.GetFiles(Root, "events-*").Order(StringComparer.Ordinal).Last();

    public static UsageEvent Event(string id, string client = "acme", string tier = "gold", DateTimeOffset? at = null, params MeterValue[] meters) => new()
    {
        Id = UsageEvent.IdOf(id),
        Time = at ?? new DateTimeOffset(2026, 11, 5, 10, 30, 0, TimeSpan.Zero),
        Client = client,
        Tier = tier,
        Outcome = UsageOutcome.Served,
        Status = 200,
        BytesIn = 100,
        BytesOut = 1000,
        Meters = meters,
    };

    public UsageJournal Open(TimeProvider? time = null, Action<UsageJournalOptions>? configure = null, RecordingLoggerProvider? log = null)
    {
        var options = new UsageJournalOptions();
        configure?.Invoke(options);
        return UsageJournal.Open(Root, options, log, time);
    }

    /// <summary>Three events in each segment, each in a block of its own.</summary>
    public async Task WriteAsync(int segments)
    {
        await using var journal = Open(new ManualTimeProvider());
        for (var segment = 0; segment < segments; segment++)
        {
            for (var i = 0; i < 3; i++)
            {
                await journal.AppendAsync(Event(Guid.NewGuid().ToString()), TestContext.Current.CancellationToken);
            }

            if (segment < segments - 1)
            {
                await journal.RotateAsync();
            }
        }
    }

    /// <summary>Where the blocks of a segment end, in their order.</summary>
    public IReadOnlyList<long> BlockEnds(int segment)
    {
        using var reader = new BlockReader(JournalFile.SegmentPath(Root, segment));
        var ends = new List<long>();
        while (reader.TryRead())
        {
            ends.Add(reader.Position);
        }

        return ends;
    }

    /// <summary>Cuts a segment off.</summary>
    public void Cut(int segment, long length)
    {
        using var file = new FileStream(JournalFile.SegmentPath(Root, segment), FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(length);
    }

    public long Sum(string meter = UsageMeters.Requests, string? client = null) =>
        UsageJournal.Salvage(Root, new UsageQuery { Client = client, Resolution = UsageResolution.All }).Totals.Where(t => t.Meter == meter).Sum(static t => t.Quantity);

    public IReadOnlyList<UsageTotal> Totals() => UsageJournal.ReadTotals(Root, new UsageQuery());

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

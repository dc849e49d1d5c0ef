namespace ProxyKit.Metering.Journals;

/// <summary>Adds up what the events of segments count for. What was closed when an event came counts in the hour it came, as a correction of its
/// own hour.</summary>
internal sealed class SegmentSums(UsageSums sums)
{
    private readonly Utf8Texts _texts = new();
    private readonly SegmentState _state = new(knownIds: 0);

    /// <summary>Adds a segment.</summary>
    /// <param name="reader">The segment, from its beginning.</param>
    /// <returns>When its last block was written.</returns>
    public long Add(BlockReader reader)
    {
        var last = long.MinValue;
        while (reader.TryRead() || reader.TrySkipDamage())
        {
            last = JournalBlock.TimeOf(reader.Block);
            var records = reader.Records;
            for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
            {
                if ((UsageRecordKind)record[2] == UsageRecordKind.Event)
                {
                    AddEvent(record, last);
                }
                else if ((UsageRecordKind)record[2] == UsageRecordKind.Close)
                {
                    _state.SeeOne(record);
                }
            }
        }

        return last;
    }

    private void AddEvent(ReadOnlySpan<byte> record, long writtenAt)
    {
        var e = new UsageRecordReader(record);
        var isLate = e.Time < _state.ClosedUntil;
        var hour = UsageHours.OfMilliseconds(isLate ? Math.Max(writtenAt, _state.ClosedUntil) : e.Time);
        var key = new UsageKey(hour, isLate ? UsageHours.OfMilliseconds(e.Time) : null, _texts.Of(e.Text()), _texts.Of(e.Text()), "");
        e.Text(); // frontend
        e.Text(); // and backend are not summed up
        if (UsageSums.MeterOf(e.Outcome) is { } meter)
        {
            sums.Add(key with { Meter = meter }, 1);
        }

        if (e.Outcome is UsageOutcome.Served or UsageOutcome.Failed)
        {
            sums.Add(key with { Meter = UsageMeters.BytesIn }, e.BytesIn);
            sums.Add(key with { Meter = UsageMeters.BytesOut }, e.BytesOut);
        }

        for (var left = e.Meters(); left > 0; left--)
        {
            var own = _texts.Of(e.Text());
            sums.Add(key with { Meter = own }, e.Quantity());
        }
    }
}

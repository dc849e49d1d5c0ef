using System.Buffers.Binary;
using ProxyKit.Tiers;

namespace ProxyKit.Metering;

/// <summary>A usage event as bytes. First a head of fixed size, then what is measured: client, tier, frontend and backend, each with its length
/// before it, the number of meters, and for each its name and its quantity; last the route.</summary>
/// <remarks>
/// The head: length of all (2 bytes), kind (1), outcome (1), id (16), milliseconds since 1970 (8), status (2), bytes from the client (8), bytes from the
/// server (8). Numbers are little-endian. Every record of a journal begins with length and kind.
/// Versions of the format are told by the length: what a later one has to say stands behind all that an earlier one knows, which ends there or passes it over. The
/// first one ends with the meters.
/// </remarks>
internal static class UsageRecord
{
    public const int HeadBytes = 46;
    public const int MaxMeters = 16;
    public const int MaxMeterName = 64;

    /// <summary>The most that one event counts of a meter of one's own, and gives back: far from where sums of many would not fit into 64 bits.</summary>
    public const long MostOfMeter = TierUnits.Most;

    /// <summary>The most that an event takes.</summary>
    public const int MaxBytes = HeadBytes + (5 * (1 + UsageText.MaxBytes)) + 1 + (MaxMeters * (1 + UsageText.MaxBytes + 8));

    /// <summary>Fills in the head of a record whose measured part is there.</summary>
    /// <param name="record">The whole record.</param>
    /// <param name="end">What the head says.</param>
    public static void WriteHead(Span<byte> record, in UsageEnd end)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)record.Length);
        record[2] = (byte)UsageRecordKind.Event;
        record[3] = (byte)((int)end.Outcome | (end.HasForeignId ? 0x80 : 0));
        BinaryPrimitives.WriteUInt128LittleEndian(record[4..], end.Id);
        BinaryPrimitives.WriteInt64LittleEndian(record[20..], end.Time);
        BinaryPrimitives.WriteInt16LittleEndian(record[28..], (short)end.Status);
        BinaryPrimitives.WriteInt64LittleEndian(record[30..], end.BytesIn);
        BinaryPrimitives.WriteInt64LittleEndian(record[38..], end.BytesOut);
    }

    /// <summary>Writes an event that somebody hands in.</summary>
    /// <returns>The record's length.</returns>
    public static int Write(UsageEvent e, Span<byte> record)
    {
        e = e.AsKept(); // names may come from totals, where they stand so: what is credited to one of those is not another's
        var writer = new UsageRecordWriter(record);
        writer.Kept(e.Client);
        writer.Kept(e.Tier);
        writer.Kept(e.Frontend);
        writer.Kept(e.Backend);
        writer.BeginMeters();
        foreach (var (meter, quantity) in e.Meters)
        {
            writer.Meter(meter, quantity);
        }

        writer.Kept(e.Route);
        WriteHead(record[..writer.Length], new UsageEnd(
            e.Outcome, HasForeignId: true, ToNumber(e.Id), e.Time.ToUnixTimeMilliseconds(), e.Status, e.BytesIn, e.BytesOut));
        return writer.Length;
    }

    public static UInt128 ToNumber(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    public static Guid ToId(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, number);
        return new Guid(bytes);
    }
}

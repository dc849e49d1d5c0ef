using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Metering;

/// <summary>A usage event as bytes. First a head of fixed size, then what is measured: client, tier, frontend and backend, each with its length
/// before it, the number of meters, and for each its name and its quantity.</summary>
/// <remarks>
/// The head: length of all (2 bytes), kind (1), outcome (1), id (16), milliseconds since 1970 (8), status (2), bytes from the client (8), bytes from the
/// server (8). Numbers are little-endian. Every record of a journal begins with length and kind.
/// </remarks>
internal static class UsageRecord
{
    public const int HeadBytes = 46;
    public const int MaxMeters = 16;
    public const int MaxMeterName = 64;

    /// <summary>The most that an event takes.</summary>
    public const int MaxBytes = HeadBytes + (4 * (1 + UsageText.MaxBytes)) + 1 + (MaxMeters * (1 + UsageText.MaxBytes + 8));

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
        var writer = new UsageRecordWriter(record);
        writer.Text(e.Client);
        writer.Text(e.Tier);
        writer.Text(e.Frontend);
        writer.Text(e.Backend);
        writer.BeginMeters();
        foreach (var (meter, quantity) in e.Meters)
        {
            writer.Meter(meter, quantity);
        }

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

/// <summary>What is known of a request at its end.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="HasForeignId">Whether the id was handed in, so that it may come twice.</param>
/// <param name="Id">Its id.</param>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="Status">The status; 0 for none.</param>
/// <param name="BytesIn">Bytes from the client.</param>
/// <param name="BytesOut">Bytes from the server.</param>
internal readonly record struct UsageEnd(UsageOutcome Outcome, bool HasForeignId, UInt128 Id, long Time, int Status, long BytesIn, long BytesOut);

/// <summary>What a record of a journal is. The numbers are in files: they stay.</summary>
internal enum UsageRecordKind : byte
{
    None = 0,

    /// <summary>A usage event.</summary>
    Event = 1,

    /// <summary>From here on, what happened before a moment comes late.</summary>
    Close = 2,

    /// <summary>Ids that were written before, for who opens the journal next.</summary>
    Ids = 3,

    /// <summary>A sum of events.</summary>
    Total = 4,

    /// <summary>The end of a file of sums, with their number.</summary>
    End = 5,
}

/// <summary>Writes the measured part of a record.</summary>
internal ref struct UsageRecordWriter(Span<byte> record)
{
    private readonly Span<byte> _record = record;
    private int _meters;

    /// <summary>How long the record is by now.</summary>
    public int Length { get; private set; } = UsageRecord.HeadBytes;

    public void Text(ReadOnlySpan<byte> name)
    {
        var length = UsageText.Write(name, _record[(Length + 1)..]);
        _record[Length] = (byte)length;
        Length += 1 + length;
    }

    public void Text(string name)
    {
        var length = UsageText.Write(name, _record[(Length + 1)..]);
        _record[Length] = (byte)length;
        Length += 1 + length;
    }

    public void BeginMeters()
    {
        _meters = Length++;
        _record[_meters] = 0;
    }

    public void Meter(string name, long quantity)
    {
        if (quantity != 0)
        {
            Text(name);
            Quantity(quantity);
        }
    }

    /// <param name="name">Its name, ready to be written.</param>
    /// <param name="quantity">How much.</param>
    public void Meter(ReadOnlySpan<byte> name, long quantity)
    {
        if (quantity != 0)
        {
            _record[Length] = (byte)name.Length;
            name.CopyTo(_record[(Length + 1)..]);
            Length += 1 + name.Length;
            Quantity(quantity);
        }
    }

    private void Quantity(long quantity)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_record[Length..], quantity);
        Length += 8;
        _record[_meters]++;
    }
}

/// <summary>Reads an event's record, whose bytes were found to be whole.</summary>
internal ref struct UsageRecordReader(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private int _position = UsageRecord.HeadBytes;

    public readonly UsageOutcome Outcome => (UsageOutcome)(_record[3] & 0x7f);

    public readonly bool HasForeignId => (_record[3] & 0x80) != 0;

    public readonly UInt128 Id => BinaryPrimitives.ReadUInt128LittleEndian(_record[4..]);

    public readonly long Time => BinaryPrimitives.ReadInt64LittleEndian(_record[20..]);

    public readonly int Status => BinaryPrimitives.ReadInt16LittleEndian(_record[28..]);

    public readonly long BytesIn => BinaryPrimitives.ReadInt64LittleEndian(_record[30..]);

    public readonly long BytesOut => BinaryPrimitives.ReadInt64LittleEndian(_record[38..]);

    /// <summary>The next of client, tier, frontend and backend; of a meter, its name.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var length = _record[_position];
        var text = _record.Slice(_position + 1, length);
        _position += 1 + length;
        return text;
    }

    /// <summary>How many meters follow.</summary>
    public int Meters() => _record[_position++];

    /// <summary>The quantity behind a meter's name.</summary>
    public long Quantity()
    {
        var quantity = BinaryPrimitives.ReadInt64LittleEndian(_record[_position..]);
        _position += 8;
        return quantity;
    }

    /// <summary>The whole event as an object.</summary>
    public UsageEvent ToEvent()
    {
        var (client, tier, frontend, backend) = (Encoding.UTF8.GetString(Text()), Encoding.UTF8.GetString(Text()), Encoding.UTF8.GetString(Text()), Encoding.UTF8.GetString(Text()));
        var meters = new MeterValue[Meters()];
        for (var i = 0; i < meters.Length; i++)
        {
            meters[i] = new MeterValue(Encoding.UTF8.GetString(Text()), Quantity());
        }

        return new UsageEvent
        {
            Id = UsageRecord.ToId(Id),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Time),
            Client = client,
            Tier = tier,
            Frontend = frontend,
            Backend = backend,
            Outcome = Outcome,
            Status = Status,
            BytesIn = BytesIn,
            BytesOut = BytesOut,
            Meters = meters,
        };
    }
}

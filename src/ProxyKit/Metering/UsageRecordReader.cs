using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Metering;

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

    /// <summary>The route behind the meters; empty in records of the first version, which end there.</summary>
    public ReadOnlySpan<byte> Route() => _position < _record.Length ? Text() : default;

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
            Route = Encoding.UTF8.GetString(Route()),
            Backend = backend,
            Outcome = Outcome,
            Status = Status,
            BytesIn = BytesIn,
            BytesOut = BytesOut,
            Meters = meters,
        };
    }
}

using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Metering;

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

    /// <param name="name">A name as events keep it, by <see cref="UsageText"/>.</param>
    public void Kept(ReadOnlySpan<byte> name)
    {
        _record[Length] = (byte)name.Length;
        name.CopyTo(_record[(Length + 1)..]);
        Length += 1 + name.Length;
    }

    /// <param name="name">A name as events keep it.</param>
    public void Kept(string name)
    {
        var length = Encoding.UTF8.GetBytes(name, _record[(Length + 1)..]);
        _record[Length] = (byte)length;
        Length += 1 + length;
    }

    public void BeginMeters()
    {
        _meters = Length++;
        _record[_meters] = 0;
    }

    /// <param name="name">Its name, as events keep it.</param>
    /// <param name="quantity">How much.</param>
    public void Meter(string name, long quantity)
    {
        if (quantity != 0)
        {
            Kept(name);
            Quantity(quantity);
        }
    }

    /// <param name="name">Its name, ready to be written.</param>
    /// <param name="quantity">How much.</param>
    public void Meter(ReadOnlySpan<byte> name, long quantity)
    {
        if (quantity != 0)
        {
            Kept(name);
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

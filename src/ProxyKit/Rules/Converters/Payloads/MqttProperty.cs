using System.Buffers.Binary;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>A property of a packet of MQTT 5.0 (§2.2.2): a number, or bytes.</summary>
internal readonly ref struct MqttProperty
{
    private MqttProperty(int id, ReadOnlySpan<byte> bytes, long? number)
    {
        Id = id;
        Bytes = bytes;
        Number = number;
    }

    public int Id { get; }

    /// <summary>What it says, where that is no number; of a user's property the value.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public long? Number { get; }

    /// <summary>Takes one property of those that CONNECT and its answer may have.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out MqttProperty property)
    {
        property = default;
        int id = rest[0];
        rest = rest[1..];
        ReadOnlySpan<byte> value = default;
        switch (id)
        {
            case 23 or 25 or 36 or 37 or 40 or 41 or 42:
                return TryReadNumber(ref rest, 1, id, out property);
            case 19 or 33 or 34:
                return TryReadNumber(ref rest, 2, id, out property);
            case 17 or 39:
                return TryReadNumber(ref rest, 4, id, out property);
            case 18 or 21 or 22 or 26 or 28 or 31 when MqttPacket.TryReadBytes(ref rest, out value):
                break;
            case 38 when MqttPacket.TryReadBytes(ref rest, out _) && MqttPacket.TryReadBytes(ref rest, out value):
                break;

            // A will's own.
            case 1:
                return TryReadNumber(ref rest, 1, id, out property);
            case 2 or 24:
                return TryReadNumber(ref rest, 4, id, out property);
            case 3 or 8 or 9 when MqttPacket.TryReadBytes(ref rest, out value):
                break;
            default:
                return false;
        }

        property = new MqttProperty(id, value, null);
        return true;
    }

    private static bool TryReadNumber(scoped ref ReadOnlySpan<byte> rest, int length, int id, out MqttProperty property)
    {
        property = default;
        if (rest.Length < length)
        {
            return false;
        }

        property = new MqttProperty(id, default, length switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        });
        rest = rest[length..];
        return true;
    }
}

using System.Buffers.Binary;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>The first packet of MQTT 3.1, 3.1.1 or 5.0 in some bytes: CONNECT or its answer.</summary>
internal ref struct MqttPacket
{
    private const int WillFlag = 0x04, PasswordFlag = 0x40, UserNameFlag = 0x80, ReservedFlag = 0x01;
    private const int MaxLengthBytes = 4;

    public MqttPacketType Type { get; private set; }

    /// <summary>Of a CONNECT or of its answer.</summary>
    public byte Flags { get; private set; }

    public ReadOnlySpan<byte> ProtocolName { get; private set; }

    public byte ProtocolVersion { get; private set; }

    /// <summary>In seconds.</summary>
    public int KeepAlive { get; private set; }

    public ReadOnlySpan<byte> ClientIdentifier { get; private set; }

    public ReadOnlySpan<byte> WillTopic { get; private set; }

    public ReadOnlySpan<byte> WillPayload { get; private set; }

    public ReadOnlySpan<byte> UserName { get; private set; }

    public ReadOnlySpan<byte> Password { get; private set; }

    public byte ReasonCode { get; private set; }

    /// <summary>Those of version 5, as they were sent.</summary>
    public ReadOnlySpan<byte> Properties { get; private set; }

    public readonly bool HasWill => (Flags & WillFlag) != 0;

    public readonly bool HasUserName => (Flags & UserNameFlag) != 0;

    public readonly bool HasPassword => (Flags & PasswordFlag) != 0;

    /// <summary>Reads a packet.</summary>
    /// <returns>Whether it is valid; null where more of it is needed.</returns>
    public static bool? Read(ReadOnlySpan<byte> bytes, out MqttPacket packet)
    {
        packet = default;
        if (bytes.IsEmpty)
        {
            return null;
        }

        packet.Type = (MqttPacketType)(bytes[0] >> 4);
        if ((bytes[0] & 15) != 0 || packet.Type is not (MqttPacketType.Connect or MqttPacketType.ConnectAnswer))
        {
            return false;
        }

        var rest = bytes[1..];
        if (!TryReadLength(ref rest, out var length))
        {
            return rest.Length < MaxLengthBytes ? null : false;
        }

        if (rest.Length < length)
        {
            return null;
        }

        rest = rest[..length];
        return packet.Type == MqttPacketType.Connect ? packet.ReadConnect(rest) : packet.ReadAnswer(rest);
    }

    /// <summary>Reads a text or bytes behind their length.</summary>
    public static bool TryReadBytes(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length < length + 2)
        {
            return false;
        }

        value = rest.Slice(2, length);
        rest = rest[(length + 2)..];
        return true;
    }

    /// <summary>Reads an integer of one to four bytes, seven bits in each, the lowest first.</summary>
    public static bool TryReadLength(scoped ref ReadOnlySpan<byte> rest, out int value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < MaxLengthBytes; i++)
        {
            value |= (rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private bool ReadConnect(ReadOnlySpan<byte> rest)
    {
        if (!TryReadBytes(ref rest, out var name) || rest.Length < 4)
        {
            return false;
        }

        ProtocolName = name;
        ProtocolVersion = rest[0];
        Flags = rest[1];
        KeepAlive = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        rest = rest[4..];
        var isKnown = ProtocolVersion == 3 ? name.SequenceEqual("MQIsdp"u8) : ProtocolVersion is 4 or 5 && name.SequenceEqual("MQTT"u8);
        if (!isKnown || (Flags & ReservedFlag) != 0 || (!HasWill && (Flags & 0x38) != 0) || (Flags & 0x18) == 0x18
            || (ProtocolVersion < 5 && HasPassword && !HasUserName))
        {
            return false;
        }

        var hasProperties = ProtocolVersion == 5;
        ReadOnlySpan<byte> value = default;
        if (hasProperties && !TryReadProperties(ref rest, out value))
        {
            return false;
        }

        Properties = value;
        if (!TryReadBytes(ref rest, out value))
        {
            return false;
        }

        ClientIdentifier = value;
        if (HasWill)
        {
            if ((hasProperties && !TryReadProperties(ref rest, out _)) || !TryReadBytes(ref rest, out var topic)
                || !TryReadBytes(ref rest, out value))
            {
                return false;
            }

            WillTopic = topic;
            WillPayload = value;
        }

        if (HasUserName)
        {
            if (!TryReadBytes(ref rest, out value))
            {
                return false;
            }

            UserName = value;
        }

        if (HasPassword)
        {
            if (!TryReadBytes(ref rest, out value))
            {
                return false;
            }

            Password = value;
        }

        return rest.IsEmpty;
    }

    private bool ReadAnswer(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2 || (rest[0] & ~1) != 0)
        {
            return false;
        }

        Flags = rest[0];
        ReasonCode = rest[1];
        rest = rest[2..];
        if (rest.IsEmpty)
        {
            return true; // before version 5
        }

        var isRead = TryReadProperties(ref rest, out var properties);
        Properties = properties;
        return isRead && rest.IsEmpty;
    }

    private static bool TryReadProperties(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> properties)
    {
        properties = default;
        if (!TryReadLength(ref rest, out var length) || length > rest.Length)
        {
            return false;
        }

        properties = rest[..length];
        rest = rest[length..];
        for (var check = properties; !check.IsEmpty;)
        {
            if (!MqttProperty.TryRead(ref check, out _))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>A field of a protocol buffer: where it is, and what to read it as.</summary>
internal sealed class ProtobufField
{
    private readonly uint[] _path;
    private readonly string _type;

    /// <param name="path">The numbers of the field and of those it lies in, outermost first, with dots between.</param>
    /// <param name="type">Its type; empty for the bytes as they are.</param>
    /// <exception cref="FormatException">The path or the type is none.</exception>
    public ProtobufField(string path, string type)
    {
        _path =
        [
            .. path.Split('.').Select(part => uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"'{path}' is no field number")),
        ];
        _type = type;
        if (type.Length > 0 && WireTypeOf(type) < 0)
        {
            throw new FormatException($"could not find protobuf type '{type}'");
        }
    }

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Finds the field in a message.</summary>
    public bool TryGet(ReadOnlySpan<byte> message, ref Sample sample) => TryGet(message, 0, ref sample);

    private bool TryGet(ReadOnlySpan<byte> message, int level, ref Sample sample)
    {
        while (!message.IsEmpty)
        {
            if (!TryReadVarint(ref message, out var key, out _))
            {
                return false;
            }

            var wire = (Wire)(key & 7);
            if (!TryReadValue(ref message, wire, out var bytes, out var number))
            {
                return false;
            }

            if (key >> 3 != _path[level])
            {
                continue;
            }

            if (level == _path.Length - 1)
            {
                return _type.Length == 0 ? sample.SetBinary(bytes) : WireTypeOf(_type) == (int)wire && Give(bytes, number, ref sample);
            }

            if (wire == Wire.Bytes && TryGet(bytes, level + 1, ref sample))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadValue(scoped ref ReadOnlySpan<byte> message, Wire wire, out ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        bytes = default;
        ulong length;
        switch (wire)
        {
            case Wire.Varint:
                return TryReadVarint(ref message, out number, out bytes);
            case Wire.Bytes when TryReadVarint(ref message, out length, out _):
                break;
            case Wire.Fixed64:
                length = 8;
                break;
            case Wire.Fixed32:
                length = 4;
                break;
            default:
                return false;
        }

        if (length > (ulong)message.Length)
        {
            return false;
        }

        bytes = message[..(int)length];
        message = message[(int)length..];
        number = wire switch
        {
            Wire.Fixed64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            Wire.Fixed32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => 0,
        };
        return true;
    }

    private static bool TryReadVarint(scoped ref ReadOnlySpan<byte> message, out ulong value, out ReadOnlySpan<byte> bytes)
    {
        const int MaxLength = 10; // of 64 bits
        value = 0;
        for (var i = 0; i < message.Length && i < MaxLength; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                bytes = message[..(i + 1)];
                message = message[(i + 1)..];
                return true;
            }
        }

        bytes = default;
        return false;
    }

    private bool Give(ReadOnlySpan<byte> bytes, ulong number, ref Sample sample) => _type switch
    {
        "int32" or "enum" or "sfixed32" => sample.Set((int)number),
        "uint32" or "fixed32" => sample.Set((uint)number),
        "bool" => sample.Set(number != 0 ? 1L : 0L),
        "sint32" => sample.Set((int)(((uint)number >> 1) ^ -(int)(number & 1))),
        "sint64" => sample.Set((long)(number >> 1) ^ -(long)(number & 1)),
        "float" => sample.Set((long)BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        "double" => sample.Set((long)BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        _ => sample.Set((long)number),
    };

    private static int WireTypeOf(string type) => type switch
    {
        "int32" or "int64" or "uint32" or "uint64" or "sint32" or "sint64" or "bool" or "enum" => (int)Wire.Varint,
        "fixed64" or "sfixed64" or "double" => (int)Wire.Fixed64,
        "fixed32" or "sfixed32" or "float" => (int)Wire.Fixed32,
        _ => -1,
    };
}

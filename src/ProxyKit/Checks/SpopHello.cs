using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ProxyKit.Checks;

/// <summary>The greeting of SPOP, the protocol of agents that streams are offloaded to, and what an agent has to answer. Both sides say which version they speak and
/// how large their frames may be.</summary>
/// <remarks>A frame is its length, a type, flags, the numbers of a stream and of a frame, and names with values. Numbers below 240 are one byte, others go on in
/// pieces of seven bits behind the first four.</remarks>
internal static class SpopHello
{
    private const int AgentHello = 101, AgentDisconnect = 102;
    private const uint IsWhole = 1; // the flag of a frame that is not continued by another
    private const int SmallestFrame = 256, LargestFrame = 16_380;
    private const string Invalid = "invalid frame received";

    private static readonly byte[] Greeting =
    [
        0, 0, 0, 78, 1, 0, 0, 0, 1, 0, 0,
        18, .. "supported-versions"u8, (byte)ValueType.Text, 3, .. "2.0"u8,
        14, .. "max-frame-size"u8, (byte)ValueType.UInt32, 0xFC, 0xF0, 0x06, // LargestFrame
        12, .. "capabilities"u8, (byte)ValueType.Text, 0,
        11, .. "healthcheck"u8, 0x10 | (byte)ValueType.Boolean, // which is true
    ];

    private enum ValueType : byte
    {
        Boolean = 1,
        Int32 = 2,
        UInt32 = 3,
        UInt64 = 5,
        IPv4 = 6,
        IPv6 = 7,
        Text = 8,
        Binary = 9,
    }

    public static ScriptStep[] Steps => [new SendingStep(Greeting), new AnswerStep(Judge, Invalid)];

    private static CheckResult? Judge(ReadOnlySpan<byte> answer)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(answer, out var length) || length > answer.Length - sizeof(uint))
        {
            return null;
        }

        var fault = FaultOf(new Reader(answer.Slice(sizeof(uint), (int)length)));
        return fault is null ? new CheckResult(CheckStatus.Layer7Passed, 0, "SPOA server is ok") : new CheckResult(CheckStatus.Layer7Invalid, 0, fault);
    }

    /// <returns>What is wrong with a frame, or what the agent says is; null for nothing.</returns>
    private static string? FaultOf(Reader frame)
    {
        if (!frame.TryTake(5, out var head) || head[0] is not (AgentHello or AgentDisconnect))
        {
            return Invalid;
        }

        if ((BinaryPrimitives.ReadUInt32BigEndian(head[1..]) & IsWhole) == 0)
        {
            return "fragmentation not supported";
        }

        if (!frame.TryNumber(out var stream) || !frame.TryNumber(out var number) || (stream | number) != 0) // it is about none
        {
            return Invalid;
        }

        return head[0] == AgentHello ? FaultOfHello(frame) : ReasonOf(frame);
    }

    private static string? FaultOfHello(Reader values)
    {
        bool? isKnown = null, fits = null;
        while (!values.IsAtEnd)
        {
            if (!values.TryValue(out var name, out var type, out var number, out var text))
            {
                return Invalid;
            }

            if (name.SequenceEqual("version"u8))
            {
                if (type != ValueType.Text)
                {
                    return Invalid;
                }

                isKnown = IsKnown(Encoding.Latin1.GetString(text).Trim(' '));
            }
            else if (name.SequenceEqual("max-frame-size"u8))
            {
                if (!IsNumber(type))
                {
                    return Invalid;
                }

                fits = number is >= SmallestFrame and <= LargestFrame;
            }
        }

        return isKnown is null ? "version value not found"
            : isKnown == false ? "unsupported version"
            : fits is null ? "max-frame-size value not found"
            : fits == false ? "max-frame-size too big or too small"
            : null;
    }

    /// <summary>Whether it is version 2.0, however many zeros it is written with.</summary>
    private static bool IsKnown(string version) =>
        version.Split('.') is [var major, var minor]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first == 2
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second) && second == 0;

    private static bool IsNumber(ValueType type) => type is >= ValueType.Int32 and <= ValueType.UInt64;

    /// <summary>Why the agent wants no connection.</summary>
    private static string ReasonOf(Reader values)
    {
        ulong status = 0;
        while (!values.IsAtEnd)
        {
            if (!values.TryValue(out var name, out var type, out var number, out _))
            {
                return Invalid;
            }

            if (name.SequenceEqual("status-code"u8))
            {
                if (!IsNumber(type))
                {
                    return Invalid;
                }

                status = number;
            }
        }

        return status switch
        {
            0 => "normal",
            1 => "I/O error",
            2 => "a timeout occurred",
            3 => "frame is too big",
            4 => Invalid,
            5 => "version value not found",
            6 => "max-frame-size value not found",
            7 => "capabilities value not found",
            8 => "unsupported version",
            9 => "max-frame-size too big or too small",
            10 => "fragmentation not supported",
            11 => "invalid interlaced frames",
            12 => "frame-id not found",
            13 => "resource allocation error",
            _ => "an unknown error occurred",
        };
    }

    /// <summary>Reads what a frame holds.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool TryTake(int count, out ReadOnlySpan<byte> taken)
        {
            taken = default;
            if (_rest.Length < count)
            {
                return false;
            }

            taken = _rest[..count];
            _rest = _rest[count..];
            return true;
        }

        public bool TryNumber(out ulong number)
        {
            number = 0;
            if (!TryTake(1, out var first))
            {
                return false;
            }

            number = first[0];
            var more = number >= 0xF0;
            for (var shift = 4; more; shift += 7)
            {
                if (shift > 60 || !TryTake(1, out var next))
                {
                    return false;
                }

                number += (ulong)next[0] << shift;
                more = next[0] >= 0x80;
            }

            return true;
        }

        /// <summary>Reads a name and its value, which is a number or a text, or neither.</summary>
        public bool TryValue(out ReadOnlySpan<byte> name, out ValueType type, out ulong number, out ReadOnlySpan<byte> text)
        {
            (type, number) = (default, 0);
            text = default;
            if (!TryText(out name) || !TryTake(1, out var kind))
            {
                return false;
            }

            type = (ValueType)(kind[0] & 0x0F); // above it are flags
            return type switch
            {
                >= ValueType.Int32 and <= ValueType.UInt64 => TryNumber(out number),
                ValueType.IPv4 => TryTake(4, out _),
                ValueType.IPv6 => TryTake(16, out _),
                ValueType.Text or ValueType.Binary => TryText(out text),
                _ => true,
            };
        }

        private bool TryText(out ReadOnlySpan<byte> text)
        {
            text = default;
            return TryNumber(out var length) && length <= (ulong)_rest.Length && TryTake((int)length, out text);
        }
    }
}

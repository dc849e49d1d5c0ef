using System.Globalization;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>The first message of FIX (Financial Information eXchange) in some bytes: tags, equals signs and values, each ended by a byte of
/// 1.</summary>
internal static class FixMessage
{
    private const byte Delimiter = 1;
    private const uint BeginString = 8, BodyLength = 9, CheckSum = 10, MsgType = 35;

    private enum Step
    {
        Field,
        NeedsMore,
        Broken,
    }

    /// <summary>The number of a tag that is given by it, or by its name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static uint TagOf(string text) => text switch
    {
        "BeginString" => BeginString,
        "BodyLength" => BodyLength,
        "MsgType" => MsgType,
        "SenderCompID" => 49,
        "TargetCompID" => 56,
        "CheckSum" => CheckSum,
        _ => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tag) && tag > 0
            ? tag
            : throw new FormatException($"unknown or invalid FIX tag '{text}'"),
    };

    /// <summary>Finds the value of a tag, without a look at whether the message is valid.</summary>
    /// <returns>Whether it is there; null where the message does not end.</returns>
    public static bool? Find(ReadOnlySpan<byte> bytes, uint wanted, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (true)
        {
            switch (Read(ref bytes, out var tag, out value))
            {
                case Step.NeedsMore:
                    return null;
                case Step.Broken:
                    return false;
            }

            if (tag == wanted)
            {
                return true;
            }

            if (tag == CheckSum)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the message is valid: its first three tags in their order, its length and its sum.</summary>
    /// <returns>Whether it is; null where it does not end.</returns>
    public static bool? Validate(ReadOnlySpan<byte> bytes)
    {
        var message = bytes;
        long? bodyStart = null, bodyLength = null;
        for (var count = 0; ; count++)
        {
            var start = message.Length - bytes.Length;
            switch (Read(ref bytes, out var tag, out var value))
            {
                case Step.NeedsMore:
                    return null;
                case Step.Broken:
                    return false;
            }

            var isRight = count switch
            {
                0 => tag == BeginString && (value.StartsWith("FIX.4."u8) || value.StartsWith("FIX.5."u8) || value.SequenceEqual("FIXT.1.1"u8)),
                1 => tag == BodyLength && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'),
                2 => tag == MsgType,
                _ => true,
            };
            if (!isRight)
            {
                return false;
            }

            if (count == 1)
            {
                bodyLength = SampleCasts.NumberIn(value);
                bodyStart = message.Length - bytes.Length;
            }

            if (count > 2 && tag == CheckSum)
            {
                byte sum = 0;
                foreach (var b in message[..start])
                {
                    sum += b;
                }

                return start - bodyStart == bodyLength && value.Length == 3
                    && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9') && SampleCasts.NumberIn(value) == sum;
            }
        }
    }

    private static Step Read(scoped ref ReadOnlySpan<byte> bytes, out uint tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        var equals = bytes.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (equals < 0)
        {
            return bytes.Length > 9 ? Step.Broken : Step.NeedsMore;
        }

        if (equals is 0 or > 9 || bytes[equals] != '=')
        {
            return Step.Broken;
        }

        var length = bytes[(equals + 1)..].IndexOf(Delimiter);
        if (length < 0)
        {
            return Step.NeedsMore;
        }

        tag = (uint)SampleCasts.NumberIn(bytes[..equals]);
        value = bytes.Slice(equals + 1, length);
        bytes = bytes[(equals + length + 2)..];
        return tag == 0 || value.IsEmpty ? Step.Broken : Step.Field;
    }
}

using System.Buffers.Binary;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Makes keys of stick tables from samples, and samples from keys.</summary>
internal static class StickKeys
{
    /// <summary>The type that a sample is cast to for a key.</summary>
    public static SampleType TypeOf(StickKeyType type) => type switch
    {
        StickKeyType.IPv4 => SampleType.IPv4,
        StickKeyType.IPv6 => SampleType.IPv6,
        StickKeyType.Integer => SampleType.Integer,
        StickKeyType.String => SampleType.String,
        _ => SampleType.Binary,
    };

    /// <summary>The key of a sample; false where the sample cannot be one.</summary>
    public static bool TryMake(RuleContext context, ref Sample sample, StickTable table, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (!SampleCasts.TryCast(context, ref sample, TypeOf(table.KeyType)))
        {
            return false;
        }

        switch (table.KeyType)
        {
            case StickKeyType.IPv4 or StickKeyType.Integer:
                var four = context.Scratch.Rent(4);
                BinaryPrimitives.WriteUInt32BigEndian(four, (uint)sample.Integer);
                key = four;
                return true;
            case StickKeyType.IPv6:
                var sixteen = context.Scratch.Rent(16);
                BinaryPrimitives.WriteUInt128BigEndian(sixteen, sample.IPv6);
                key = sixteen;
                return true;
            case StickKeyType.String:
                key = sample.Bytes[..Math.Min(sample.Bytes.Length, table.KeyLength)];
                return true;
            default:
                var padded = context.Scratch.Rent(table.KeyLength);
                padded.Clear();
                sample.Bytes[..Math.Min(sample.Bytes.Length, table.KeyLength)].CopyTo(padded);
                key = padded;
                return true;
        }
    }

    /// <summary>The sample of a key.</summary>
    public static bool Read(StickTable table, ReadOnlySpan<byte> key, ref Sample sample) => table.KeyType switch
    {
        StickKeyType.IPv4 => sample.SetIPv4(BinaryPrimitives.ReadUInt32BigEndian(key)),
        StickKeyType.Integer => sample.Set((long)BinaryPrimitives.ReadUInt32BigEndian(key)),
        StickKeyType.IPv6 => sample.SetIPv6(BinaryPrimitives.ReadUInt128BigEndian(key)),
        StickKeyType.String => sample.SetString(key),
        _ => sample.SetBinary(key),
    };
}

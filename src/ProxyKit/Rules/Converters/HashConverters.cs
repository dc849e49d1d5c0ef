using ProxyKit.Balancing.Hashes;
using ProxyKit.Rules.Converters.Hashes;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Hashes as numbers: to spread and to compare, not to protect.</summary>
internal static class HashConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Short("crc32", Crc32.OfIeee),
        Short("crc32c", Crc32.OfCastagnoli),
        Short("djb2", StringHash.Djb2),
        Short("sdbm", StringHash.Sdbm),
        Short("wt6", StringHash.Wt6),
        Seeded("xxh32", static (bytes, seed) => XxHash32.Of(bytes, (uint)seed)),
        Seeded("xxh64", static (bytes, seed) => (long)XxHash64.Of(bytes, (ulong)seed)),
        Seeded("xxh3", static (bytes, seed) => (long)XxHash3.Of(bytes, (ulong)seed)),
    ];

    private delegate uint Hash32(ReadOnlySpan<byte> bytes);

    private delegate long SeededHash(ReadOnlySpan<byte> bytes, long seed);

    private static ConverterKeyword Short(string name, Hash32 hash) => Converter.Of(
        name,
        SampleType.Binary,
        SampleType.Integer,
        use => use.Arguments.Integer(0) == 0
            ? (_, ref sample) => sample.Set((long)hash(sample.Bytes))
            : (_, ref sample) => sample.Set((long)Avalanche.Mix(hash(sample.Bytes))),
        Argument.OptionalInteger("avalanche"));

    private static ConverterKeyword Seeded(string name, SeededHash hash) => Converter.Of(
        name,
        SampleType.Binary,
        SampleType.Integer,
        use =>
        {
            var seed = use.Arguments.Integer(0);
            return (_, ref sample) => sample.Set(hash(sample.Bytes, seed));
        },
        Argument.OptionalInteger("seed"));
}

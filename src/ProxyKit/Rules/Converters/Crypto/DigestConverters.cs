using System.Security.Cryptography;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Crypto;

/// <summary>Cryptographic hashes, with and without keys, and a comparison that takes the same time whatever it finds.</summary>
internal static class DigestConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("sha1", Binary, Binary, static _ => Digest(DigestAlgorithm.Sha1)),
        Converter.Of("sha2", Binary, Binary, Sha2, Argument.OptionalInteger("bits")),
        Converter.Of("digest", Binary, Binary, static use => Digest(Named(use)), Argument.Text("algorithm")),
        Converter.Of("hmac", Binary, Binary, Hmac, Argument.Text("algorithm"), Argument.Text("key")),
        Converter.Of("secure_memcmp", Binary, SampleType.Boolean, SecureCompare, Argument.Variable("var")),
    ];

    private static SampleConverter Digest(DigestAlgorithm algorithm) => (context, ref sample) =>
    {
        var result = context.Scratch.Rent(algorithm.Length);
        algorithm.Hash(sample.Bytes, result);
        return sample.SetBinary(result);
    };

    private static SampleConverter Sha2(KeywordUse use) => Digest(use.Arguments.Integer(0, 256) switch
    {
        224 => DigestAlgorithm.Sha224,
        256 => DigestAlgorithm.Sha256,
        384 => DigestAlgorithm.Sha384,
        512 => DigestAlgorithm.Sha512,
        var bits => throw new FormatException($"Unsupported number of bits: '{bits}'"),
    });

    private static SampleConverter Hmac(KeywordUse use)
    {
        var algorithm = Named(use);
        var key = new SecretArgument(use, 1, "the key");
        return (context, ref sample) =>
        {
            if (!key.TryGet(context, out var bytes))
            {
                return false;
            }

            var result = context.Scratch.Rent(algorithm.Length);
            algorithm.KeyedHash(bytes, sample.Bytes, result);
            return sample.SetBinary(result);
        };
    }

    private static SampleConverter SecureCompare(KeywordUse use)
    {
        var variable = use.Compiler.VariableFor(use.Arguments.Text(0));
        return (context, ref sample) =>
        {
            var other = default(Sample);
            return variable.TryGet(context, ref other) && SampleCasts.TryCast(context, ref other, Binary)
                && sample.Set(CryptographicOperations.FixedTimeEquals(sample.Bytes, other.Bytes));
        };
    }

    private static DigestAlgorithm Named(KeywordUse use) =>
        DigestAlgorithm.Find(use.Arguments.Text(0)) ?? throw new FormatException($"'{use.Arguments.Text(0)}' is not a supported digest");
}

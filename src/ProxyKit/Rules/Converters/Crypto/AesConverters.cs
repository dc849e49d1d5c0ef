using System.Buffers.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Crypto;

/// <summary>Encryption with AES.</summary>
internal static class AesConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("aes_cbc_enc", Binary, Binary, use => Cbc(use, encrypts: true), CbcArguments),
        Converter.Of("aes_cbc_dec", Binary, Binary, use => Cbc(use, encrypts: false), CbcArguments),
        Converter.Of("aes_gcm_enc", Binary, Binary, EncryptGcm, [.. GcmArguments("aead_tag", ArgumentKind.Variable)]),
        Converter.Of("aes_gcm_dec", Binary, Binary, DecryptGcm, [.. GcmArguments("aead_tag", ArgumentKind.Text)]),
    ];

    private static KeywordArgument[] CbcArguments =>
        [Argument.Integer("bits"), Argument.Text("iv"), Argument.Text("key"), Argument.OptionalText("aad")];

    private static KeywordArgument[] GcmArguments(string tag, ArgumentKind tagKind) =>
    [
        Argument.Integer("bits"), Argument.Text("nonce"), Argument.Text("key"), new KeywordArgument(tag, tagKind),
        Argument.OptionalText("aad"),
    ];

    private static SampleConverter Cbc(KeywordUse use, bool encrypts)
    {
        var keyLength = KeyLength(use);
        var iv = new SecretArgument(use, 1, "the iv");
        var key = new SecretArgument(use, 2, "the key");
        return (context, ref sample) =>
        {
            if (!TryGetKey(context, key, keyLength, out var keyBytes) || !iv.TryGet(context, out var ivBytes))
            {
                return false;
            }

            Span<byte> start = stackalloc byte[AesCipher.BlockLength];
            start.Clear();
            ivBytes[..Math.Min(ivBytes.Length, start.Length)].CopyTo(start);
            return encrypts
                ? sample.SetBinary(AesCipher.EncryptCbc(context.Scratch, keyBytes, start, sample.Bytes))
                : AesCipher.TryDecryptCbc(context.Scratch, keyBytes, start, sample.Bytes, out var text) && sample.SetBinary(text);
        };
    }

    private static SampleConverter EncryptGcm(KeywordUse use)
    {
        var keyLength = KeyLength(use);
        var nonce = new SecretArgument(use, 1, "the nonce");
        var key = new SecretArgument(use, 2, "the key");
        var tag = use.Compiler.VariableFor(use.Arguments.Text(3));
        var extra = use.Arguments.IsGiven(4) ? new SecretArgument(use, 4, "the aad") : null;
        return (context, ref sample) =>
        {
            ReadOnlySpan<byte> extraBytes = default;
            if (!TryGetKey(context, key, keyLength, out var keyBytes) || !nonce.TryGet(context, out var nonceBytes)
                || (extra is not null && !extra.TryGet(context, out extraBytes)))
            {
                return false;
            }

            Span<byte> tagBytes = stackalloc byte[AesCipher.TagLength];
            var result = AesCipher.EncryptGcm(context.Scratch, keyBytes, nonceBytes, sample.Bytes, extraBytes, tagBytes);
            var tagText = context.Scratch.Rent(24);
            Base64.EncodeToUtf8(tagBytes, tagText, out _, out _);
            var tagSample = default(Sample);
            tagSample.SetString(tagText);
            tag.Set(context, in tagSample);
            return sample.SetBinary(result);
        };
    }

    private static SampleConverter DecryptGcm(KeywordUse use)
    {
        var keyLength = KeyLength(use);
        var nonce = new SecretArgument(use, 1, "the nonce");
        var key = new SecretArgument(use, 2, "the key");
        var tag = new SecretArgument(use, 3, "the tag");
        var extra = use.Arguments.IsGiven(4) ? new SecretArgument(use, 4, "the aad") : null;
        return (context, ref sample) =>
        {
            ReadOnlySpan<byte> extraBytes = default;
            return TryGetKey(context, key, keyLength, out var keyBytes) && nonce.TryGet(context, out var nonceBytes)
                && (extra is null || extra.TryGet(context, out extraBytes))
                && tag.TryGet(context, out var tagBytes) && tagBytes.Length == AesCipher.TagLength
                && AesCipher.TryDecryptGcm(context.Scratch, keyBytes, nonceBytes, sample.Bytes, extraBytes, tagBytes, out var text)
                && sample.SetBinary(text);
        };
    }

    private static int KeyLength(KeywordUse use) => use.Arguments.Integer(0) switch
    {
        128 => 16,
        192 => 24,
        256 => 32,
        _ => throw new FormatException("key size must be 128, 192 or 256 (bits)"),
    };

    private static bool TryGetKey(RuleContext context, SecretArgument key, int length, out ReadOnlySpan<byte> bytes)
    {
        if (!key.TryGet(context, out bytes) || bytes.Length < length)
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }
}

using System.Security.Cryptography;
using System.Text;
using ProxyKit.Rules.Converters.Crypto;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>Decrypts tokens (RFC 7516) with a key that the configuration names. Whatever is wrong with a token, there is no value and nothing that tells
/// why.</summary>
internal static class JweDecryptor
{
    private delegate JweKey? KeySource(RuleContext context);

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("jwt_decrypt_secret", SampleType.Binary, SampleType.Binary, static use => With(Secret(use)), Argument.Text("secret")),
        Converter.Of("jwt_decrypt_cert", SampleType.Binary, SampleType.Binary, static use => With(Certificate(use)), Argument.Text("cert")),
        Converter.Of("jwt_decrypt_jwk", SampleType.Binary, SampleType.Binary, static use => With(JsonKey(use)), Argument.Text("jwk")),
    ];

    private static SampleConverter With(KeySource source) => (context, ref sample) => source(context) is { } key && TryDecrypt(context.Scratch, key, ref sample);

    private static bool TryDecrypt(Scratch scratch, JweKey key, ref Sample sample)
    {
        if (!JweToken.TryRead(sample.Bytes, scratch, out var token) || !JweHeader.TryRead(token.HeaderText, scratch, out var header) || !key.Fits(header.Algorithm))
        {
            return false;
        }

        Span<byte> contentKey = stackalloc byte[JweEncryption.LongestKey];
        contentKey = contentKey[..header.Encryption.KeyLength];
        if (!key.TryFind(scratch, in header, token.Key, contentKey))
        {
            RandomNumberGenerator.Fill(contentKey); // RFC 7516 §11.5: a wrong key fails where a wrong content does
        }

        var isRight = header.Encryption.TryDecrypt(scratch, contentKey, in token, out var content);
        CryptographicOperations.ZeroMemory(contentKey);
        return isRight && sample.SetBinary(content);
    }

    private static KeySource Secret(KeywordUse use)
    {
        var secret = new SecretArgument(use, 0, "the secret");
        if (secret.Constant is { } constant)
        {
            var key = new JweKey(constant);
            return _ => key;
        }

        return context => secret.TryGet(context, out var bytes) ? new JweKey(bytes.ToArray()) : null;
    }

    private static KeySource Certificate(KeywordUse use)
    {
        var keys = use.Compiler.Shared("", static _ => new JweKeys());
        if (VariableOf(use) is not { } variable)
        {
            var key = keys.Load(use.Arguments.Text(0));
            return _ => key;
        }

        return context =>
        {
            var name = default(Sample);
            return TryGet(context, variable, ref name) ? keys.Find(name.Bytes) : null;
        };
    }

    private static KeySource JsonKey(KeywordUse use)
    {
        if (VariableOf(use) is not { } variable)
        {
            var key = JsonKeyReader.ReadPrivate(Encoding.UTF8.GetBytes(use.Arguments.Text(0)), new Scratch())
                ?? throw new FormatException("failed to parse the key: neither a secret or private key in JSON nor the name of a variable");
            return _ => key;
        }

        Known? known = null; // replaced, never changed: mostly the variable has one and the same key
        return context =>
        {
            var json = default(Sample);
            if (!TryGet(context, variable, ref json))
            {
                return null;
            }

            if (Volatile.Read(ref known) is { } last && json.Bytes.SequenceEqual(last.Text))
            {
                return last.Key;
            }

            var key = JsonKeyReader.ReadPrivate(json.Bytes, context.Scratch);
            Volatile.Write(ref known, key is null ? null : new Known(json.Bytes.ToArray(), key));
            return key;
        };
    }

    private sealed record Known(byte[] Text, JweKey Key);

    private static Variable? VariableOf(KeywordUse use) =>
        VariableName.TryParse(use.Arguments.Text(0), out _, out _) ? use.Compiler.VariableFor(use.Arguments.Text(0)) : null;

    private static bool TryGet(RuleContext context, Variable variable, ref Sample sample) =>
        variable.TryGet(context, ref sample) && SampleCasts.TryCast(context, ref sample, SampleType.String);
}

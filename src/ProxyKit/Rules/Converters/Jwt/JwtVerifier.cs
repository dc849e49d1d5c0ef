using System.Security.Cryptography;
using ProxyKit.Identities;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>Verifies the signature of tokens (RFC 7515 §5.2) by the algorithm that the configuration names: what a token says of itself
/// does not count.</summary>
internal sealed class JwtVerifier
{
    private readonly bool _wantsCertificate;
    private readonly JwtKeys _keys;
    private readonly SignatureAlgorithm? _algorithm;
    private readonly Variable? _algorithmVariable;
    private readonly byte[] _keyText;
    private readonly VerificationKey? _key;
    private readonly Variable? _keyVariable;

    /// <exception cref="FormatException">There is no such algorithm or key, as far as they are not in variables.</exception>
    public JwtVerifier(KeywordUse use, bool wantsCertificate)
    {
        _wantsCertificate = wantsCertificate;
        _keys = use.Compiler.Shared("", static _ => new JwtKeys());
        _algorithmVariable = VariableOf(use, 0);
        if (_algorithmVariable is null)
        {
            _algorithm = SignatureAlgorithm.Find(ArgumentBytes.Of(use, 0))
                ?? throw new FormatException($"unknown JWT algorithm: {use.Arguments.Text(0)}");
        }

        _keyText = ArgumentBytes.Of(use, 1);
        _keyVariable = VariableOf(use, 1);
        if (_keyVariable is null && _algorithm?.Kind is KeyKind.Rsa or KeyKind.RsaPss or KeyKind.Curve)
        {
            _key = _keys.Load(use.Arguments.Text(1), wantsCertificate);
        }
        else if (_keyVariable is null && _algorithm is null && File.Exists(use.Arguments.Text(1)))
        {
            _key = _keys.Load(use.Arguments.Text(1), wantsCertificate); // the variable may turn out to name an algorithm that wants one
        }
    }

    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        var value = default(Sample);
        var algorithm = _algorithm;
        if (_algorithmVariable is not null)
        {
            if (!TryGet(context, _algorithmVariable, ref value))
            {
                return false;
            }

            algorithm = SignatureAlgorithm.Find(value.Bytes);
        }

        ReadOnlySpan<byte> key = _keyText;
        if (_keyVariable is not null)
        {
            if (!TryGet(context, _keyVariable, ref value))
            {
                return false;
            }

            key = value.Bytes;
        }

        return sample.Set((long)Verify(context, algorithm, key, sample.Bytes));
    }

    private JwtResult Verify(RuleContext context, SignatureAlgorithm? algorithm, ReadOnlySpan<byte> keyText, ReadOnlySpan<byte> token)
    {
        if (algorithm is null)
        {
            return JwtResult.UnknownAlgorithm;
        }

        var parts = token.Count((byte)'.') + 1;
        if (parts != 3 && !(parts == 2 && algorithm.Kind == KeyKind.None))
        {
            return JwtResult.InvalidToken;
        }

        var last = parts == 3 ? token.LastIndexOf((byte)'.') : token.Length;
        var encoded = token[Math.Min(last + 1, token.Length)..];
        if (algorithm.Kind == KeyKind.None)
        {
            return encoded.IsEmpty ? JwtResult.Good : JwtResult.Bad;
        }

        if (algorithm.Kind == KeyKind.Secret && _wantsCertificate)
        {
            return JwtResult.UnmanagedAlgorithm;
        }

        var signature = context.Scratch.Rent(Base64Text.MaxLength(encoded.Length));
        if (encoded.IsEmpty || !Base64Text.TryDecodeUrl(encoded, signature, out var length))
        {
            return JwtResult.InvalidToken;
        }

        return algorithm.Kind == KeyKind.Secret
            ? VerifySecret(algorithm, keyText, token[..last], signature[..length])
            : VerifyKey(algorithm, keyText, token[..last], signature[..length]);
    }

    private static JwtResult VerifySecret(
        SignatureAlgorithm algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[64];
        expected = expected[..algorithm.KeyedHash(secret, signed, expected)];
        return CryptographicOperations.FixedTimeEquals(expected, signature) ? JwtResult.Good : JwtResult.Bad;
    }

    private JwtResult VerifyKey(SignatureAlgorithm algorithm, ReadOnlySpan<byte> path, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var key = _key;
        if (key is null && !_keys.TryGet(path, out key))
        {
            return JwtResult.UnknownKey;
        }

        if (algorithm.Kind == KeyKind.Curve && signature.Length % 2 != 0)
        {
            return JwtResult.InvalidToken; // two numbers of one length (RFC 7518 §3.4)
        }

        try
        {
            return key.Verify(algorithm, signed, signature) switch
            {
                true => JwtResult.Good,
                false => JwtResult.Bad,
                null => _wantsCertificate ? JwtResult.UnusableCertificate : JwtResult.Bad,
            };
        }
        catch (CryptographicException)
        {
            return JwtResult.InternalError;
        }
    }

    private static Variable? VariableOf(KeywordUse use, int index) =>
        VariableName.TryParse(use.Arguments.Text(index), out _, out _) ? use.Compiler.VariableFor(use.Arguments.Text(index)) : null;

    private static bool TryGet(RuleContext context, Variable variable, ref Sample sample) =>
        variable.TryGet(context, ref sample) && SampleCasts.TryCast(context, ref sample, SampleType.String);
}

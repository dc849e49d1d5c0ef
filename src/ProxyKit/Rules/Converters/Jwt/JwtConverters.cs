using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>JSON web tokens (RFC 7519): what they say, and whether to believe it.</summary>
internal static class JwtConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "jwt_header_query", Binary, Any, static use => Query(use, 0), Argument.OptionalText("path"), Argument.OptionalText("type")),
        Converter.Of(
            "jwt_payload_query", Binary, Any, static use => Query(use, 1), Argument.OptionalText("path"), Argument.OptionalText("type")),
        Converter.Of(
            "jwt_verify", Binary, Integer, static use => new JwtVerifier(use, wantsCertificate: false).TryConvert,
            Argument.Text("alg"), Argument.Text("key")),
        Converter.Of(
            "jwt_verify_cert", Binary, Integer, static use => new JwtVerifier(use, wantsCertificate: true).TryConvert,
            Argument.Text("alg"), Argument.Text("cert")),
        .. JweDecryptor.All,
    ];

    private static SampleConverter Query(KeywordUse use, int part)
    {
        var query = use.Arguments.IsGiven(0) ? JsonQuery.From(use) : null;
        return (context, ref sample) =>
        {
            var rest = sample.Bytes;
            for (var i = 0; i < part; i++)
            {
                var dot = rest.IndexOf((byte)'.');
                if (dot < 0)
                {
                    return false;
                }

                rest = rest[(dot + 1)..];
            }

            var end = rest.IndexOf((byte)'.');
            var encoded = end < 0 ? rest : rest[..end];
            var decoded = context.Scratch.Rent(Base64Text.MaxLength(encoded.Length));
            if (!Base64Text.TryDecodeUrl(encoded, decoded, out var length))
            {
                return false;
            }

            var json = context.Scratch.Shrink(decoded, length);
            return query is null ? sample.SetString(json) : query.TryGet(context, json, ref sample);
        };
    }
}

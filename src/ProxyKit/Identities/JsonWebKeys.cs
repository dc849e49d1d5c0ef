using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProxyKit.Identities;

/// <summary>Reads sets of keys in JSON (RFC 7517).</summary>
internal static class JsonWebKeys
{
    /// <summary>How many keys of a set are looked at.</summary>
    public const int MostKeys = 64;

    /// <summary>Reads a set, or a single key. Keys that are for something else, or of a kind that is not known here, are passed over, as RFC 7517 §5
    /// has it.</summary>
    /// <param name="json">The text.</param>
    /// <param name="allowsSecrets">Whether secrets may be among them: from a file, but not from a place that anybody can read.</param>
    /// <exception cref="FormatException">It is no set, or no key in it is of use.</exception>
    public static IReadOnlyList<VerificationKey> Parse(ReadOnlyMemory<byte> json, bool allowsSecrets)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("it is no set of keys in JSON");
            }

            var (keys, areEdwards) = (new List<VerificationKey>(), false);
            if (root.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var element in list.EnumerateArray().Take(MostKeys))
                {
                    if (TryRead(element, allowsSecrets, out var key))
                    {
                        keys.Add(key);
                    }

                    areEdwards |= IsEdwards(element);
                }
            }
            else if (TryRead(root, allowsSecrets, out var single))
            {
                keys.Add(single);
            }

            return keys.Count > 0 ? keys : throw new FormatException(areEdwards || IsEdwards(root)
                ? $"a key in it {EdwardsKeys.Refusal}"
                : "there is no key in it that signatures could be verified with");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the other one: half of a pair of escapes, which is no character
        {
            throw new FormatException($"it is no set of keys in JSON: {e.Message}", e);
        }
    }

    private static bool TryRead(JsonElement element, bool allowsSecrets, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (element.ValueKind != JsonValueKind.Object || Text(element, "use") is not (null or "sig") || !MayVerify(element))
        {
            return false;
        }

        var id = Encoding.UTF8.GetBytes(Text(element, "kid") ?? "");
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(element.GetRawText()));
        try
        {
            key = Text(element, "kty") switch
            {
                "RSA" => VerificationKey.OfRsa(
                    RSA.Create(new RSAParameters { Modulus = Number(element, "n"), Exponent = Number(element, "e") }), id, fingerprint),
                "EC" => VerificationKey.OfCurve(Curve(element), id, fingerprint),
                "oct" when allowsSecrets => VerificationKey.OfSecret(Number(element, "k"), id, fingerprint),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false; // out of range, or not supported by the system
        }

        if (key is not null && Text(element, "alg") is { } algorithm)
        {
            key = key.For(a => a.Name == algorithm);
        }

        return key is { Algorithms.Length: > 0 };
    }

    private static ECDsa Curve(JsonElement element) => ECDsa.Create(new ECParameters
    {
        Curve = Text(element, "crv") switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            var other => throw new FormatException($"the curve '{other}' is not known"),
        },
        Q = new ECPoint { X = Number(element, "x"), Y = Number(element, "y") },
    });

    /// <summary>Whether the operations that it says it is for (RFC 7517 §4.3) have verification among them.</summary>
    private static bool MayVerify(JsonElement element) =>
        !element.TryGetProperty("key_ops", out var operations) || operations.ValueKind != JsonValueKind.Array
        || operations.EnumerateArray().Any(static o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"u8));

    /// <summary>RFC 8037 §2.</summary>
    private static bool IsEdwards(JsonElement element) => element.ValueKind == JsonValueKind.Object && Text(element, "kty") == "OKP";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Number(JsonElement element, string name) =>
        Base64Url.DecodeFromChars(Text(element, name) ?? throw new FormatException($"'{name}' is missing"));
}

using System.Security.Cryptography;

namespace ProxyKit.Identities;

/// <summary>The hashes of signatures, with a state that each thread keeps: making one anew takes a sixth of the time that a token's hash does.</summary>
internal static class KeptHash
{
    [ThreadStatic]
    private static IncrementalHash? t_sha256;

    [ThreadStatic]
    private static IncrementalHash? t_sha384;

    [ThreadStatic]
    private static IncrementalHash? t_sha512;

    public static int Sha256(ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        Compute(t_sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256), bytes, destination);

    public static int Sha384(ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        Compute(t_sha384 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA384), bytes, destination);

    public static int Sha512(ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        Compute(t_sha512 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA512), bytes, destination);

    private static int Compute(IncrementalHash hash, ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        hash.AppendData(bytes);
        return hash.GetHashAndReset(destination);
    }
}

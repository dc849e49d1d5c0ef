using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProxyKit.Descriptions;
using ProxyKit.Identities;

namespace ProxyKit;

/// <summary>Keys that clients are known by, kept by their SHA-256: what is here gives no key away. Keys may be added and taken out while proxies use the
/// set, on any thread.</summary>
/// <remarks>A key has to be long and random, as <see cref="NewKey"/> makes them: unlike a password it is hashed once only.</remarks>
public sealed class ApiKeySet : IDescribed
{
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<Hash, (byte[] Hash, ClientPrincipal Owner)> _keys = [];

    private volatile string? _path; // of the file that they were read from; null as soon as others have come or some have gone

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <inheritdoc/>
    Description? IDescribed.Description => _path is { } path ? new(typeof(ApiKeySet), nameof(Load), path) : null;

    /// <summary>Reads keys from a file: on each line a key's hash, as <see cref="HashOf"/> gives it, whose it is, and where there are any his claims, as
    /// <see cref="Add"/> takes them. Empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <param name="path">The file. It is read now, and not again.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="FormatException">A line is none, or its key was in one before; the message says which line. It never has the line itself, which may be a key.</exception>
    public static ApiKeySet Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var keys = new ApiKeySet();
        foreach (var (index, line) in File.ReadAllLines(path).Index())
        {
            if (line.AsSpan().Trim() is not { IsEmpty: false } text || text[0] == '#')
            {
                continue;
            }

            try
            {
                keys.AddLine(text.ToString());
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {index + 1}: {e.Message}", e);
            }
        }

        keys._path = path;
        return keys;
    }

    /// <summary>Makes a key of 256 random bits, which may stand in header fields and queries.</summary>
    /// <returns>The key.</returns>
    public static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The hash of a key, to keep in its place.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Its SHA-256, in hexadecimal digits.</returns>
    public static string HashOf(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Adds a key, or gives the one that is there another owner.</summary>
    /// <param name="hash">The key's hash, as <see cref="HashOf"/> gives it.</param>
    /// <param name="owner">Whose it is: the claim <c>sub</c>.</param>
    /// <param name="claims">What else is claimed of him: an object in JSON, as in <c>{"plan":"gold","scope":"read"}</c>; null for nothing.</param>
    /// <exception cref="FormatException">The hash is none, or the claims are none.</exception>
    public void Add(string hash, string owner, string? claims = null)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        var bytes = BytesOf(hash);
        _path = null;
        _keys[MemoryMarshal.Read<Hash>(bytes)] = (bytes, new ClientPrincipal("api-key", ClaimsOf(owner, claims)));
    }

    /// <summary>Takes a key out: it is not good from now on.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="FormatException">The hash is none.</exception>
    public bool Remove(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        _path = null;
        return _keys.TryRemove(MemoryMarshal.Read<Hash>(BytesOf(hash)), out _);
    }

    /// <summary>Finds whose a key is. What the clock tells of the search is about the key's hash, which tells nothing of other keys.</summary>
    internal ClientPrincipal? Find(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return _keys.TryGetValue(MemoryMarshal.Read<Hash>(hash), out var found) && CryptographicOperations.FixedTimeEquals(found.Hash, hash)
            ? found.Owner
            : null;
    }

    private void AddLine(string line)
    {
        var words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            throw new FormatException("a key's hash and whose it is are expected");
        }

        if (_keys.ContainsKey(MemoryMarshal.Read<Hash>(BytesOf(words[0]))))
        {
            throw new FormatException("the key is there already, in a line before"); // two owners: it is not known which one was meant
        }

        Add(words[0], words[1], words.Length > 2 ? words[2] : null);
    }

    private static byte[] BytesOf(string hash)
    {
        if (hash.Length != 2 * SHA256.HashSizeInBytes || !hash.All(char.IsAsciiHexDigit))
        {
            throw new FormatException("the hash of a key is a SHA-256, of 64 hexadecimal digits");
        }

        return Convert.FromHexString(hash);
    }

    private static ClaimSet ClaimsOf(string owner, string? claims)
    {
        try
        {
            using var others = JsonDocument.Parse(claims ?? "{}", new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (others.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("the claims are no object in JSON");
            }

            return ClaimSet.Of(writer =>
            {
                writer.WriteString("sub", owner);
                foreach (var claim in others.RootElement.EnumerateObject().Where(static c => c.Name != "sub"))
                {
                    claim.WriteTo(writer);
                }
            });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the other one: half of a pair of escapes, which is no character
        {
            throw new FormatException("the claims are no object in JSON"); // what exactly is wrong would be told with a piece of them
        }
    }

    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D);
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>The private keys that a configuration decrypts tokens with, by the files they come from. Read when the configuration is put to use; names
/// in variables find only those.</summary>
internal sealed class JweKeys
{
    private readonly ConcurrentDictionary<string, JweKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Reads a file with a private key, with or without its certificate.</summary>
    /// <param name="path">The file, in PEM.</param>
    /// <exception cref="FormatException">It has none, or cannot be read.</exception>
    public JweKey Load(string path)
    {
        if (_keys.TryGetValue(path, out var known))
        {
            return known;
        }

        try
        {
            return _keys[path] = Read(File.ReadAllText(path));
        }
        catch (Exception e) when (KeyFileFault.Is(e))
        {
            throw KeyFileFault.Of(path, e, "private key");
        }
    }

    public JweKey? Find(ReadOnlySpan<byte> path)
    {
        if (path.Length > 1024)
        {
            return null;
        }

        Span<char> name = stackalloc char[path.Length];
        return Encoding.UTF8.TryGetChars(path, name, out var length)
            ? _keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var key) ? key : null
            : null;
    }

    private static JweKey Read(string pem)
    {
        // The text does not always say what kind of key it has.
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            rsa.ExportParameters(includePrivateParameters: true); // throws where it is a public one
            return new JweKey(rsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException) // the latter for a label that it does not know
        {
            rsa.Dispose();
        }

        var curve = ECDiffieHellman.Create();
        curve.ImportFromPem(pem);
        curve.ExportParameters(includePrivateParameters: true);
        return new JweKey(curve);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>Reads certificates from PEM files. Every fault is an <see cref="IOException"/> whose message names the file.</summary>
internal static class PemFiles
{
    /// <summary>Reads every certificate of a file.</summary>
    /// <exception cref="IOException">The file cannot be read or holds none.</exception>
    public static X509Certificate2Collection ReadCertificates(string path) =>
        ReadAnyCertificates(path) is { Count: > 0 } certificates ? certificates : throw new IOException($"{path}: there is no certificate in it");

    /// <summary>Reads every certificate of a file, which may have none.</summary>
    /// <exception cref="IOException">The file, or a certificate in it, cannot be read.</exception>
    public static X509Certificate2Collection ReadAnyCertificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(path));
        }
        catch (CryptographicException e)
        {
            throw new IOException($"{path}: a certificate cannot be read: {e.Message}", e);
        }

        return certificates;
    }

    /// <summary>Reads the first certificate of a file together with its key.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keyPath">The file of the key; null where that is the same file or the <c>.key</c> file beside it.</param>
    /// <exception cref="IOException">A file cannot be read, holds no key, or one of another certificate.</exception>
    public static X509Certificate2 ReadCertificateWithKey(string path, string? keyPath = null)
    {
        var text = ReadText(path);
        keyPath ??= FindKey(path, text);
        try
        {
            var certificate = X509Certificate2.CreateFromPem(text, keyPath == path ? text : ReadText(keyPath));
            return OperatingSystem.IsWindows() ? WithStoredKey(certificate) : certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{path}: the certificate and its key ({keyPath}) do not go together or cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads every revocation list of a file.</summary>
    /// <exception cref="IOException">The file cannot be read or holds none, or one that cannot be used.</exception>
    public static IReadOnlyList<RevocationList> ReadRevocationLists(string path)
    {
        var lists = new List<RevocationList>();
        ReadOnlySpan<char> text = ReadText(path);
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "X509 CRL")
            {
                lists.Add(RevocationList.Read(path, Convert.FromBase64String(text[fields.Base64Data].ToString())));
            }

            text = text[fields.Location.End..];
        }

        return lists.Count > 0 ? lists : throw new IOException($"{path}: there is no revocation list in it");
    }

    /// <summary>A file as part of a key: its path and what it holds now. Empty where there is none.</summary>
    public static string ToKey(string? path) => path is null ? "" : $"{path}#{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ReadText(path))))}";

    /// <summary>What is wrong with a file, as "Property: fault"; null where nothing is, or there is none.</summary>
    public static string? FaultOf(string? path, string property, Action<string> read)
    {
        try
        {
            if (path is not null)
            {
                read(path);
            }

            return null;
        }
        catch (IOException e)
        {
            return $"{property}: {e.Message}";
        }
    }

    /// <summary>SChannel takes no key that lives in memory only.</summary>
    private static X509Certificate2 WithStoredKey(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private static string FindKey(string path, string text)
    {
        if (HoldsKey(text))
        {
            return path;
        }

        string[] beside = [path + ".key", Path.ChangeExtension(path, ".key")];
        return Array.Find(beside, File.Exists)
            ?? throw new IOException($"{path}: there is no private key in it, nor in {string.Join(" or ", beside.Distinct())}");
    }

    private static bool HoldsKey(ReadOnlySpan<char> text)
    {
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label].EndsWith("PRIVATE KEY"))
            {
                return true;
            }

            text = text[fields.Location.End..];
        }

        return false;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}

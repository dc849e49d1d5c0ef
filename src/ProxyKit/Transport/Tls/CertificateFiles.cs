namespace ProxyKit.Transport.Tls;

/// <summary>The files that a path of a certificate stands for.</summary>
internal static class CertificateFiles
{
    private static readonly string[] Beside = [".key", ".issuer", ".ocsp", ".sctl"], Kinds = [".rsa", ".ecdsa"];

    /// <summary>The file itself, those of its name for kinds of keys, or the files of a directory in the order of their names.</summary>
    /// <exception cref="IOException">A directory cannot be read, or has none.</exception>
    public static IEnumerable<string> Of(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            var ofKinds = Array.FindAll([.. Kinds.Select(k => path + k)], File.Exists);
            return ofKinds.Length > 0 ? ofKinds : [path];
        }

        try
        {
            var files = Directory.GetFiles(path).Where(static f => Path.GetFileName(f)[0] != '.' && !Beside.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal).ToArray();
            return files.Length > 0 ? files : throw new IOException($"{path}: there is no certificate in it");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}

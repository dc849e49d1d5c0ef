namespace ProxyKit.HAProxyConfig.Files;

/// <summary>The files that a configuration names.</summary>
internal static class ReferredFile
{
    /// <summary>A path, below a directory where one is given and the path is relative.</summary>
    public static string PathOf(string written, string? directory) =>
        directory is null || Path.IsPathRooted(written) ? written : Path.Combine(directory, written);

    /// <summary>What is wrong with a file; null where it can be read.</summary>
    public static string? Check(string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.');
        }
    }

    /// <summary>The same for a certificate, which may be a directory of them, or several for kinds of keys.</summary>
    public static string? CheckCertificate(string path)
    {
        if (Directory.Exists(path))
        {
            return null;
        }

        string[] ofKinds = [$"{path}.rsa", $"{path}.ecdsa"];
        return Check(Array.Find(ofKinds, file => !File.Exists(path) && File.Exists(file)) ?? path);
    }
}

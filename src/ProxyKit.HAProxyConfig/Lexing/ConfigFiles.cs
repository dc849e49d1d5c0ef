using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>Finds and reads the files of a configuration: files as named, and of a directory all that end in <c>.cfg</c>.</summary>
internal static class ConfigFiles
{
    public static List<ConfigFile> Read(IEnumerable<string> paths, DiagnosticList diagnostics)
    {
        var files = new List<ConfigFile>();
        foreach (var path in paths)
        {
            try
            {
                foreach (var file in Directory.Exists(path) ? FilesOf(path) : [path])
                {
                    files.Add(new ConfigFile(file, File.ReadAllBytes(file)));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                diagnostics.Alert(new Place(path, 0), $"Could not open configuration file {path} : {e.Message}");
            }
        }

        return files;
    }

    /// <summary>The order is that of the names' bytes, whatever the machine's language.</summary>
    private static IEnumerable<string> FilesOf(string directory) =>
        Directory.GetFiles(directory, "*.cfg")
            .Where(static file => Path.GetFileName(file) is var name && name[0] != '.' && name.EndsWith(".cfg", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}

using System.IO.Compression;

namespace ProxyKit.Tests.Packaging;

/// <summary>The package as two people would build it: from two copies of the tree, in two directories.</summary>
public sealed class PackedTwice : IAsyncLifetime
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("proxykit-pack-").FullName;

    /// <summary>Entries of the first <c>.nupkg</c> by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Package { get; private set; } = null!; // set before any test runs

    /// <summary>Entries of the first <c>.snupkg</c> by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Symbols { get; private set; } = null!; // as above

    /// <summary>Entries of the second <c>.nupkg</c> by path.</summary>
    public IReadOnlyDictionary<string, byte[]> SecondPackage { get; private set; } = null!; // as above

    /// <summary>Entries of the <c>.nupkg</c> of ProxyKit.PostgreSql by path.</summary>
    public IReadOnlyDictionary<string, byte[]> PostgreSqlPackage { get; private set; } = null!; // as above

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var first = Path.Combine(_scratch, "first");
        var second = Path.Combine(_scratch, "a", "second");
        CopyWhatIsPacked(RepositoryTree.Root, first);
        CopyWhatIsPacked(first, second); // from the first copy, so that an edit in between cannot tell them apart
        await Task.WhenAll(PackAsync(first, "src/ProxyKit", "packed"), PackAsync(second, "src/ProxyKit", "packed"));
        await PackAsync(first, "src/ProxyKit.PostgreSql", "packed-postgresql"); // the core is built there by now

        Package = Read(Directory.GetFiles(Path.Combine(first, "packed"), "*.nupkg").Single());
        Symbols = Read(Directory.GetFiles(Path.Combine(first, "packed"), "*.snupkg").Single());
        SecondPackage = Read(Directory.GetFiles(Path.Combine(second, "packed"), "*.nupkg").Single());
        PostgreSqlPackage = Read(Directory.GetFiles(Path.Combine(first, "packed-postgresql"), "*.nupkg").Single());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_scratch, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static Task<string> PackAsync(string directory, string project, string output) => RepositoryTree.RunAsync(
        directory, "dotnet", "pack", project, "-c", "Release", "-o", output,
        "-p:NuGetAudit=false", // asks the network; the versions are the ones already restored
        "-p:UseSharedCompilation=false",
        "-p:RunAnalyzers=false"); // three quarters of the time, and they say nothing that the build itself has not said

    private static void CopyWhatIsPacked(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in (string[])["Directory.Packages.props", ".editorconfig", "README.md", "icon.png"])
        {
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }

        CopyDirectory(Path.Combine(from, "src"), Path.Combine(to, "src"));
    }

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var directory in Directory.GetDirectories(from))
        {
            if (Path.GetFileName(directory) is not ("bin" or "obj") and var name)
            {
                CopyDirectory(directory, Path.Combine(to, name));
            }
        }
    }

    private static Dictionary<string, byte[]> Read(string archive)
    {
        var entries = new Dictionary<string, byte[]>();
        using var zip = ZipFile.OpenRead(archive);
        foreach (var entry in zip.Entries)
        {
            using var bytes = new MemoryStream();
            using var content = entry.Open();
            content.CopyTo(bytes);
            entries.Add(entry.FullName, bytes.ToArray());
        }

        return entries;
    }
}

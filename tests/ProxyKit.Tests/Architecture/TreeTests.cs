using System.Text.RegularExpressions;

namespace ProxyKit.Tests.Architecture;

public sealed partial class TreeTests
{
    [Fact]
    public async Task Top_level_is_exactly_the_listed_entries()
    {
        string[] listed = ["src", "tests", "samples", "docs", "ProxyKit.sln", "Directory.Packages.props", "README.md", "icon.png"];

        Assert.Empty((await TopLevelAsync()).Where(name => name[0] != '.').Except(listed));
    }

    [Fact]
    public void Solution_lists_every_project_under_the_folder_it_lies_in()
    {
        string[] folders = ["src", "tests", "samples"];
        var onDisk = folders
            .SelectMany(folder => Directory.GetDirectories(RepositoryTree.PathOf(folder)))
            .SelectMany(project => Directory.GetFiles(project, "*.csproj"))
            .Select(file => Path.GetRelativePath(RepositoryTree.Root, file).Replace('\\', '/'));

        var solution = File.ReadAllText(RepositoryTree.PathOf("ProxyKit.sln"));
        var ids = ProjectLine().Matches(solution).ToDictionary(m => m.Groups["id"].Value, m => m.Groups["path"].Value.Replace('\\', '/'));
        var nested = NestingLine().Matches(solution).ToDictionary(m => m.Groups["child"].Value, m => ids[m.Groups["parent"].Value]);
        var inSolution = ids.Where(p => p.Value.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        Assert.Equal(onDisk.Order(StringComparer.Ordinal), inSolution.Select(p => p.Value).Order(StringComparer.Ordinal));
        Assert.All(inSolution, p => Assert.Equal(p.Value.Split('/')[0], nested[p.Key]));
    }

    private static async Task<IEnumerable<string>> TopLevelAsync()
    {
        if (!Path.Exists(RepositoryTree.PathOf(".git")))
        {
            // An archive without history holds what was checked in, and what the build made since.
            return Directory.GetFileSystemEntries(RepositoryTree.Root).Select(e => Path.GetFileName(e)).Except(["artifacts", "TestResults"]);
        }

        // The owner of a checkout may differ from who runs the tests; reading its index is harmless.
        var files = await RepositoryTree.RunAsync(RepositoryTree.Root, "git", "-c", "safe.directory=*", "ls-files", "-z");
        return files.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(file => file.Split('/')[0]).Distinct();
    }

    [GeneratedRegex("""^Project\("\{[^"]+\}"\) = "[^"]+", "(?<path>[^"]+)", "(?<id>\{[^"]+\})"\r?$""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [GeneratedRegex("""^\t\t(?<child>\{[^}]+\}) = (?<parent>\{[^}]+\})\r?$""", RegexOptions.Multiline)]
    private static partial Regex NestingLine();
}

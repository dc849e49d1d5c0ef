using System.Reflection;

namespace ProxyKit.Tests.Architecture;

public sealed class PublicApiTests
{
    /// <summary>Set to 1, the test writes the list instead of comparing it; the change is then reviewed with the commit.</summary>
    private const string AcceptVariable = "PROXYKIT_ACCEPT_API";

    private static readonly string ListPath = RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Architecture", "PublicApi.txt");

    [Fact]
    public void PublicApi_matches_the_reviewed_list()
    {
        var lines = PublicApiText.Of(Assembly.Load("ProxyKit")).ToArray();
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(ListPath, string.Concat(lines.Select(line => line + "\n")));
            return;
        }

        var difference = Difference(File.ReadAllLines(ListPath), lines);
        Assert.True(
            difference.Count == 0,
            $"The public surface is not the reviewed one (- reviewed, + built). If it is meant, run the test with {AcceptVariable}=1.\n"
            + string.Join('\n', difference));
    }

    /// <summary>Lines only one side has, each below the type it belongs to, as Type :: member.</summary>
    private static List<string> Difference(IEnumerable<string> reviewed, IEnumerable<string> built)
    {
        var before = Qualified(reviewed).ToHashSet();
        var after = Qualified(built).ToHashSet();
        return [.. before.Except(after).Select(l => "- " + l).Concat(after.Except(before).Select(l => "+ " + l)).OrderBy(l => l[2..], StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Qualified(IEnumerable<string> lines)
    {
        var type = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                yield return $"{type} :: {line.TrimStart()}";
            }
            else
            {
                yield return line;
                type = line.Split(" : ")[0];
            }
        }
    }
}

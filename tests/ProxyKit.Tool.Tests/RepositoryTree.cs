using System.Reflection;

namespace ProxyKit.Tool.Tests;

/// <summary>The source tree these tests were built from.</summary>
internal static class RepositoryTree
{
    private static readonly string Root = typeof(RepositoryTree).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!; // written by the project file

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}

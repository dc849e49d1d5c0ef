using System.Reflection;

namespace ProxyKit.PostgreSql.Tests;

/// <summary>The source tree these tests were built from.</summary>
internal static class RepositoryTree
{
    public static string Root { get; } = typeof(RepositoryTree).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!; // written by the project file

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}

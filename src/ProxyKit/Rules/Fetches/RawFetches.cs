namespace ProxyKit.Rules.Fetches;

/// <summary>The fetches that read bytes as they came, which there are in TCP mode only.</summary>
internal static class RawFetches
{
    private static readonly HashSet<string> Names =
        new(ContentFetches.All.Concat(HelloFetches.All).Concat(RdpFetches.All).Concat(DistccFetches.All).Select(static f => f.Name), StringComparer.Ordinal);

    public static bool Contain(string name) => Names.Contains(name);
}

using System.Buffers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What the names of sections, servers and ACLs are made of.</summary>
internal static class NameCharacters
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>The first character that may not be in a name; null where all may.</summary>
    public static char? FirstOdd(string name) => name.AsSpan().IndexOfAnyExcept(Allowed) is >= 0 and var odd ? name[odd] : null;
}

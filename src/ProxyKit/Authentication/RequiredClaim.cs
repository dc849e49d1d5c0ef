namespace ProxyKit.Authentication;

/// <summary>A claim that is needed.</summary>
/// <param name="Path">Its name, or the path to it.</param>
/// <param name="Values">The values of which it has to have one: as the whole, as a word of a text with blanks, or as an element of an array. None for
/// any at all.</param>
public sealed record RequiredClaim(string Path, params IReadOnlyList<string> Values)
{
    /// <summary>Shows what is needed.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Values.Count == 0 ? $"claim {Path}" : $"claim {Path} of {string.Join(", ", Values)}";
}

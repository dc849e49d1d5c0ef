namespace ProxyKit.Rules;

/// <summary>What a row of a frontend's policy is called: its methods and its path, as in <c>GET /api/*</c>.</summary>
/// <param name="text">That, as UTF-8.</param>
internal sealed class PolicyRowName(byte[] text)
{
    public ReadOnlySpan<byte> Text => text;

    /// <summary>The same as events keep it; null until one was written. Whoever finds it so makes it, which gives the same each time. Any thread.</summary>
    public byte[]? Kept { get; set; }
}

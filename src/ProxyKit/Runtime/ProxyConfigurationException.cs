namespace ProxyKit.Runtime;

/// <summary>A configuration cannot be used. Nothing was started or changed by it.</summary>
public sealed class ProxyConfigurationException : Exception
{
    internal ProxyConfigurationException(IReadOnlyList<string> faults)
        : base($"The proxy's configuration cannot be used:\n- {string.Join("\n- ", faults)}") => Faults = faults;

    /// <summary>Everything that is wrong with it, each with the way to it, as in
    /// <c>backend "api" > server "a2" > Weight: 300 is out of range (0-256).</c></summary>
    public IReadOnlyList<string> Faults { get; }
}

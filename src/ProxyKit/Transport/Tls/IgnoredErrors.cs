namespace ProxyKit.Transport.Tls;

/// <summary>What is overlooked of certificates: some errors, or all.</summary>
internal sealed class IgnoredErrors(IEnumerable<int> errors, bool all)
{
    private readonly HashSet<int> _errors = [.. errors];

    public bool Contains(int error) => all || _errors.Contains(error);
}

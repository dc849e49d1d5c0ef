namespace ProxyKit.Conformance;

/// <summary>Holds a script up until the test lets it pass, or the test until a script has got somewhere.</summary>
public sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _passes = new(0);

    /// <summary>Lets so many pass.</summary>
    public void Open(int passes = 1) => _passes.Release(passes);

    /// <summary>Waits for a pass, but not for ever.</summary>
    public Task PassAsync() => _passes.WaitAsync().InTimeAsync("a gate to open");

    /// <inheritdoc/>
    public void Dispose() => _passes.Dispose();
}

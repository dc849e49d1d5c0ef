using ProxyKit.Checks;

namespace ProxyKit.Conformance.Checks;

/// <summary>A check that passes or fails as the test says.</summary>
internal sealed class SwitchedCheck : IServerCheck
{
    private volatile bool _passes = true;

    public bool Passes
    {
        get => _passes;
        set => _passes = value;
    }

    public ValueTask<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken) =>
        new(Passes ? CheckResult.Passed() : CheckResult.Failed("as told"));
}

using Polly;
using ProxyKit.Resilience;

namespace ProxyKit;

/// <summary>The verbs about what surrounds the attempts at a backend's servers.</summary>
public static class ResilienceBuilderExtensions
{
    /// <summary>Puts strategies around each attempt: any that Polly has, or your own. See <see cref="Backends.BackendOptions.Resilience"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="configure">Adds them, the outermost first.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder Resilience(this BackendBuilder backend, Action<ResiliencePipelineBuilder<UpstreamResult>> configure)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(configure);
        return backend.Configure(o => o.Resilience = configure);
    }

    /// <summary>Sends a request that is slow to be answered to another server too; the first answer counts. See <see cref="HedgeOptions"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="configure">Says when: <c>hedge => hedge.After(TimeSpan.FromMilliseconds(200))</c>.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder Hedge(this BackendBuilder backend, Action<HedgeBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var hedge = new HedgeOptions();
        configure?.Invoke(new HedgeBuilder(hedge));
        return backend.Configure(o => o.Hedge = hedge);
    }
}

using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The time limits and retries: <c>fe_</c> and <c>be_</c> as configured, <c>cur_</c> as they are for the exchange after what rules
/// have set.</summary>
internal static class LimitFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Configured("fe_client_timeout", RuleStages.OfFrontend, static c => c.Frontend is not null, static c => c.Frontend?.ClientTimeout),
        Configured("fe_tarpit_timeout", RuleStages.OfFrontend, static c => c.Frontend is not null, static c => c.Frontend?.TarpitTimeout),
        Configured("be_connect_timeout", RuleStages.OfBackend, static c => c.Backend is not null, static c => c.Backend?.ConnectTimeout),
        Configured("be_queue_timeout", RuleStages.OfBackend, static c => c.Backend is not null, static c => c.Backend?.QueueTimeout),
        Configured("be_server_timeout", RuleStages.OfBackend, static c => c.Backend is not null, static c => c.Backend?.ServerTimeout),
        Configured("be_tunnel_timeout", RuleStages.OfBackend, static c => c.Backend is not null, static c => c.Backend?.TunnelTimeout),
        Configured("be_tarpit_timeout", RuleStages.OfBackend, static c => c.Backend is not null, static c => c.Backend?.TarpitTimeout),
        Current("cur_client_timeout", RuleStages.OfFrontend, static c => c.Settings.ClientTimeout ?? c.Frontend?.ClientTimeout),
        Current("cur_tarpit_timeout", RuleStages.OfClient, static c => c.Settings.TarpitTimeout ?? c.Frontend?.TarpitTimeout),
        Current("cur_connect_timeout", RuleStages.OfBackend, static c => c.Settings.ConnectTimeout ?? c.Backend?.ConnectTimeout),
        Current("cur_queue_timeout", RuleStages.OfBackend, static c => c.Settings.QueueTimeout ?? c.Backend?.QueueTimeout),
        Current("cur_server_timeout", RuleStages.OfBackend, static c => c.Settings.ServerTimeout ?? c.Backend?.ServerTimeout),
        Current("cur_tunnel_timeout", RuleStages.OfBackend, static c => c.Settings.TunnelTimeout ?? c.Backend?.TunnelTimeout),
        Fetch.Of("be_max_retries", SampleType.Integer, RuleStages.OfBackend, static (RuleContext context, ref Sample sample) =>
            context.Backend is { } backend && sample.Set(backend.Retries)),
        Fetch.Of("cur_max_retries", SampleType.Integer, RuleStages.OfBackend, static (RuleContext context, ref Sample sample) =>
            context.HasStream && (context.Settings.Retries ?? context.Backend?.Retries) is { } retries && sample.Set(retries)),
    ];

    private static FetchKeyword Configured(string name, RuleStages stages, Func<RuleContext, bool> isKnown, Func<RuleContext, TimeSpan?> limit) =>
        Fetch.Of(name, SampleType.Integer, stages, (RuleContext context, ref Sample sample) =>
            isKnown(context) && sample.Set(Milliseconds(limit(context))));

    private static FetchKeyword Current(string name, RuleStages stages, Func<RuleContext, TimeSpan?> limit) =>
        Configured(name, stages, static context => context.HasStream, limit);

    /// <summary>0 for no limit.</summary>
    private static long Milliseconds(TimeSpan? limit) => (long)(limit ?? TimeSpan.Zero).TotalMilliseconds;
}

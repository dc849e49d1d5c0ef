using ProxyKit.Backends;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Statistics;

namespace ProxyKit.Rules.Fetches;

/// <summary>Frontends, backends and servers: their names, and how busy they are now.</summary>
internal static class ProxyFetches
{
    private static readonly KeywordArgument Frontend = Fetch.Optional("frontend", ArgumentKind.Frontend);
    private static readonly KeywordArgument Backend = Fetch.Optional("backend", ArgumentKind.Backend);
    private static readonly KeywordArgument Server = new("server", ArgumentKind.Server);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("fe_name", SampleType.String, RuleStages.OfFrontend, static (RuleContext context, ref Sample sample) =>
            context.Frontend is { } frontend && Fetch.SetText(context, ref sample, frontend.Name)),
        Fetch.Of("fe_id", SampleType.Integer, RuleStages.OfFrontend, static (RuleContext context, ref Sample sample) =>
            context.Frontend is { } frontend && sample.Set(frontend.Id)),
        Fetch.Of("fe_defbe", SampleType.String, RuleStages.OfFrontend, static (RuleContext context, ref Sample sample) =>
            context.Frontend?.DefaultBackend is { } name && Fetch.SetText(context, ref sample, name)),
        Fetch.Of("be_name", SampleType.String, RuleStages.OfBackend, static (RuleContext context, ref Sample sample) =>
            (context.Backend?.Name ?? context.Frontend?.Name) is { } name && Fetch.SetText(context, ref sample, name)),
        Fetch.Of("be_id", SampleType.Integer, RuleStages.OfBackend, static (RuleContext context, ref Sample sample) =>
            (context.Backend?.Id ?? context.Frontend?.Id) is > 0 and var id && sample.Set(id)),
        Fetch.Of("srv_name", SampleType.String, RuleStages.OfServer, static (RuleContext context, ref Sample sample) =>
            context.Server is { } server && Fetch.SetText(context, ref sample, server.Name)),
        Fetch.Of("srv_id", SampleType.Integer, RuleStages.OfServer, static (RuleContext context, ref Sample sample) =>
            context.Server is { } server && sample.Set(server.Id)),
        Fetch.Of("fe_conn", SampleType.Integer, RuleStages.Internal, static use =>
        {
            var frontend = use.Compiler.FrontendFor(use.Arguments.Text(0));
            return (RuleContext _, ref Sample sample) => sample.Set(frontend.Connections());
        }, Frontend),
        OfFrontend("fe_sess_rate", static traffic => traffic.SessionRate),
        OfFrontend("fe_req_rate", static traffic => traffic.RequestRate),
        Fetch.Of("be_sess_rate", SampleType.Integer, RuleStages.Internal, static use => SessionRate(use.Compiler.BackendFor(use.Arguments.Text(0)).State.Traffic), Backend),
        Fetch.Of("srv_sess_rate", SampleType.Integer, RuleStages.Internal, static use => SessionRate(use.Compiler.ServerFor(use.Arguments.Text(0)).State.Traffic), Server),
        OfBackend("be_conn", static backend => backend.ActiveRequests),

        // Servers that can be used are those that take part in balancing.
        OfBackend("nbsrv", static backend => backend.CandidateCount),
        Fetch.Of("srv_is_up", SampleType.Boolean, RuleStages.Internal, static use =>
        {
            var server = use.Compiler.ServerFor(use.Arguments.Text(0));
            return (RuleContext _, ref Sample sample) => sample.Set(server.IsUp);
        }, Server),
        Fetch.Of("circuit_retry_after", SampleType.Integer, RuleStages.OfBackend, static (RuleContext context, ref Sample sample) =>
            context.RetryAfter > 0 && sample.Set(context.RetryAfter)),
        OfServer("srv_conn", static server => server.ActiveRequests),

        // That which counts at this moment, less while the server warms up and none where it cannot be used; that of the configuration; and that which was set.
        OfServer("srv_weight", static server => server.State.UnitsNow),
        OfServer("srv_iweight", static server => server.ConfiguredWeight),
        OfServer("srv_uweight", static server => server.Weight),
    ];

    private static FetchKeyword OfFrontend(string name, Func<TrafficCounters, long> rate) => Fetch.Of(name, SampleType.Integer, RuleStages.Internal, use =>
    {
        var traffic = use.Compiler.FrontendFor(use.Arguments.Text(0)).Traffic;
        return (RuleContext _, ref Sample sample) => sample.Set(rate(traffic));
    }, Frontend);

    private static SampleFetch SessionRate(TrafficCounters traffic) => (RuleContext _, ref Sample sample) => sample.Set(traffic.SessionRate);

    private static FetchKeyword OfBackend(string name, Func<Backend, int> count) => Fetch.Of(name, SampleType.Integer, RuleStages.Internal, use =>
    {
        var backend = use.Compiler.BackendFor(use.Arguments.Text(0));
        return (RuleContext _, ref Sample sample) => sample.Set(count(backend));
    }, Backend);

    private static FetchKeyword OfServer(string name, Func<Server, int> count) => Fetch.Of(name, SampleType.Integer, RuleStages.Internal, use =>
    {
        var server = use.Compiler.ServerFor(use.Arguments.Text(0));
        return (RuleContext _, ref Sample sample) => sample.Set(count(server));
    }, Server);
}

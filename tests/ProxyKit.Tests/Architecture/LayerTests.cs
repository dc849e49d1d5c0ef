using System.Reflection;

namespace ProxyKit.Tests.Architecture;

public sealed class LayerTests
{
    /// <summary>Top to bottom; a folder knows only those in lower rows.</summary>
    private static readonly string[][] Rows =
    [
        ["Hosting", "Billing"], // a bill is made of totals, and nothing of the proxy is made of bills
        ["Runtime"],
        ["Frontends"],
        ["Exchanges"],
        ["Metering"], // asks rules who uses how much
        ["Authentication"], // asks rules who is excepted, and is rules itself once it is made ready
        ["Stickiness"], // asks rules and stick tables which server a client has
        ["Checks"], // asks rules for what it sends and expects; nothing below asks it, but for the departures of a server's state
        ["Rules"], // the language over the capabilities below: it can name what any of them counts
        ["Resolvers"], // finds addresses for servers and for rules
        ["Tiers", "StickTables", "Balancing", "Queueing", "CircuitBreakers", "Resilience"],
        ["Backends"], // where the row above meets, in Server and ServerState
        ["Http1", "Mailing"],
        ["Http", "Transport", "Regexes"],
        ["Identities"], // tokens, keys and claims as such: an exchange shows who its client is
    ];

    /// <summary>Known to all; they know plain values and so nobody.</summary>
    private static readonly string[] Told = ["Logging", "Statistics", "Descriptions"];

    /// <summary>Uses against the order that have a reason, as "UserType > UsedType" and why the usual way is not good enough.</summary>
    private static readonly Dictionary<string, string> Departures = new()
    {
        // A backend holds the strategy that chooses among its servers; strategies know servers, and stay where users look for them.
        ["Backend > IBalancingStrategy"] = "holds it",
        ["Backend > BalancingContext"] = "asks it",
        // What a choice may go by is what rules know, and no second account of it is kept.
        ["Backend > RuleContext"] = "hands it on",
        ["BalancingContext > RuleContext"] = "hands it on",
        // What a user wrote about a backend is one object, its rules included; they are made ready apart from it.
        ["BackendOptions > RuleSetOptions"] = "names them",
        ["BackendOptions > ErrorPageOptions"] = "names them",
        ["BackendOptions > Condition"] = "names them",
        ["BackendOptions > CircuitBreakerOptions"] = "names them",
        ["BackendOptions > UpstreamResult"] = "names it",
        ["BackendOptions > HedgeOptions"] = "names them",
        // What is kept of a hello may be less than all of it; the sum that rules ask for is of all.
        ["HelloCapture > XxHash64"] = "sums up what it cuts",
        ["UpstreamResult > Reply"] = "carries it",
        ["UpstreamResult > LocalReply"] = "makes it ready",
        ["CircuitBreakerOptions > Expression"] = "names it",
        ["ForwardedOptions > Expression"] = "names it",
        ["ProxyProtocolOptions > Expression"] = "names them",
        ["CircuitBreakerOptions > RuleAction"] = "names it",
        ["BackendOptions > StickyCookieOptions"] = "names them",
        ["BackendOptions > UseServerRuleOptions"] = "names them",
        ["BackendOptions > StickRuleOptions"] = "names them",
        ["BackendOptions > PersistenceRuleOptions"] = "names them",
        ["BalanceDescription > Expression"] = "names it",
        ["BackendOptions > QueueOptions"] = "names them",
        ["Backend > QueueOptions"] = "reads them",
        ["QueueOptions > Expression"] = "names it",
        // Tiers ask what rules know; they are made ready apart from what was written.
        ["TiersOptions > Expression"] = "names them",
        ["TiersOptions > RuleAction"] = "names them",
        ["TierCostOptions > Expression"] = "names it",
        ["TierCostOptions > Condition"] = "names it",
        // What a user wrote about checks stands with the backend and the servers that it is about.
        ["BackendOptions > HealthCheckOptions"] = "names them",
        ["BackendOptions > ServerCheckOptions"] = "names them",
        ["ServerOptions > HealthCheckOptions"] = "names them",
        ["ServerOptions > ServerCheckOptions"] = "names them",
        ["ServerOptions > AgentCheckOptions"] = "names them",
        ["ServerOptions > ObservationOptions"] = "names them",
        ["ServerOptions > InitialServerState"] = "names it",
        ["ServerOptions > ServerResolutionOptions"] = "names them",
        ["ServerOptions > Expression"] = "names it",
        // A server's health is part of its state, and outlives configurations with it; users look for it at the server.
        ["ServerState > ServerHealth"] = "holds it",
        ["Server > ServerHealth"] = "shows it",
        ["ResolvedServer > ServerHealth"] = "tells it whether there is an address",
        ["Server > CheckResult"] = "shows it",
        // The client's side of an exchange tells how sending and receiving went, in the transport's own words, and hands its
        // connection over when it becomes a tunnel.
        ["IDownstream > IoResult"] = "says how it went",
        ["TunnelEnd > Connection"] = "hands it over",
    };

    private static readonly Assembly Core = Assembly.Load("ProxyKit");

    [Fact]
    public void Layers_only_depend_downwards()
    {
        var wrong = (
            from use in TypeUses.Of(Core)
            let user = FolderOf(use.User)
            let used = FolderOf(use.Used)
            where user is not null && used is not null && user != used && !MayKnow(user, used)
            let text = $"{user}.{use.User.Name} > {used}.{use.Used.Name}"
            where !Departures.ContainsKey($"{use.User.Name} > {use.Used.Name}")
            orderby text
            select text).ToList();

        Assert.True(wrong.Count == 0, "Uses against the order of the folders:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void Every_folder_has_a_place_in_the_order()
    {
        var known = Rows.SelectMany(row => row).Concat(Told);

        Assert.Empty(Core.GetTypes().Select(FolderOf).OfType<string>().Distinct().Except(known));
    }

    [Fact]
    public void Departures_are_still_needed()
    {
        var uses = TypeUses.Of(Core).Select(use => $"{use.User.Name} > {use.Used.Name}");

        Assert.Empty(Departures.Keys.Except(uses));
    }

    [Fact]
    public void TypeUses_sees_what_only_an_async_body_calls()
    {
        Assert.Contains((typeof(TreeTests), typeof(RepositoryTree)), TypeUses.Of(typeof(LayerTests).Assembly));
        Assert.Contains((typeof(Packaging.PackedTwice), typeof(RepositoryTree)), TypeUses.Of(typeof(LayerTests).Assembly));
    }

    private static bool MayKnow(string user, string used) =>
        Told.Contains(used) || (!Told.Contains(user) && RowOf(user) < RowOf(used));

    private static int RowOf(string folder) => Array.FindIndex(Rows, row => row.Contains(folder));

    /// <summary>The folder directly under the project; null for the root namespace, whose verbs may know everything.</summary>
    private static string? FolderOf(Type type) =>
        type.Namespace?.Split('.') is ["ProxyKit", var folder, ..] ? folder : null;
}

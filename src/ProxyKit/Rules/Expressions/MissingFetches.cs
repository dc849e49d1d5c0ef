namespace ProxyKit.Rules.Expressions;

/// <summary>HAProxy's fetches that are not there, and why: who uses one is told. Out of scope altogether are those of Lua, device detection, FastCGI
/// and HAProxy's own debugging of messages.</summary>
internal static class MissingFetches
{
    private const string OfTask = "a request has no task of its own: the runtime goes on with it wherever a thread is free, and tells neither how often nor for how long";
    private const string OfThreads = "threads and process are the program's, which does more with them: its own counters tell (dotnet-counters)";
    private const string OfInsides = "it is for finding faults in HAProxy itself";
    private const string OfTls = "the TLS of .NET does not tell it";

    /// <summary>The reasons, by name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>(
        [
            .. Of(OfTask, "cpu_calls", "cpu_ns_avg", "cpu_ns_tot", "lat_ns_avg", "lat_ns_tot"),
            .. Of(OfThreads, "cpu_usage_grp", "cpu_usage_proc", "cpu_usage_thr"),
            .. Of(OfInsides, "bs.debug_str", "fs.debug_str", "term_events"),
            .. Of("there is no cache", "res.cache_hit", "res.cache_name"),
            .. Of("there is no compression", "res.comp", "res.comp_algo"),
            .. Of("the TLS of .NET does not encrypt what clients say first", "ssl_fc_ech_outer_sni", "ssl_fc_ech_status"),
            .. Of("the TLS of .NET does not tell a client of it", "ssl_bc_is_resumed"),
            .. Of(
                OfTls,
                "ssl_bc_client_early_traffic_secret", "ssl_bc_client_handshake_traffic_secret", "ssl_bc_client_random", "ssl_bc_client_traffic_secret_0",
                "ssl_bc_curve", "ssl_bc_early_exporter_secret", "ssl_bc_exporter_secret", "ssl_bc_server_handshake_traffic_secret", "ssl_bc_server_random",
                "ssl_bc_server_traffic_secret_0", "ssl_bc_session_id", "ssl_bc_session_key", "ssl_bc_unique_id",
                "ssl_fc_client_early_traffic_secret", "ssl_fc_client_handshake_traffic_secret", "ssl_fc_client_random", "ssl_fc_client_traffic_secret_0",
                "ssl_fc_curve", "ssl_fc_early_exporter_secret", "ssl_fc_exporter_secret", "ssl_fc_server_handshake_traffic_secret", "ssl_fc_server_random",
                "ssl_fc_server_traffic_secret_0", "ssl_fc_session_id", "ssl_fc_session_key", "ssl_fc_unique_id"),
        ],
        StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Of(string reason, params string[] names) => names.Select(name => KeyValuePair.Create(name, reason));
}

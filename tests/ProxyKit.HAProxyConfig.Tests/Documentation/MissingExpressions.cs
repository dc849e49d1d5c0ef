namespace ProxyKit.HAProxyConfig.Tests.Documentation;

/// <summary>HAProxy's fetches and converters that are not there: a file that uses one is refused. Out of scope altogether are those of Lua, device
/// detection, FastCGI and HAProxy's own debugging.</summary>
internal static class MissingExpressions
{
    public static readonly string[] Fetches =
    [
        "bs.debug_str", "cpu_calls", "cpu_ns_avg", "cpu_ns_tot", "cpu_usage_grp", "cpu_usage_proc", "cpu_usage_thr", "fs.debug_str",
        "lat_ns_avg", "lat_ns_tot", "res.cache_hit", "res.cache_name", "res.comp", "res.comp_algo", "ssl_bc_client_early_traffic_secret",
        "ssl_bc_client_handshake_traffic_secret", "ssl_bc_client_random", "ssl_bc_client_traffic_secret_0", "ssl_bc_curve",
        "ssl_bc_early_exporter_secret", "ssl_bc_exporter_secret", "ssl_bc_is_resumed", "ssl_bc_server_handshake_traffic_secret",
        "ssl_bc_server_random", "ssl_bc_server_traffic_secret_0", "ssl_bc_session_id", "ssl_bc_session_key", "ssl_bc_unique_id",
        "ssl_fc_client_early_traffic_secret", "ssl_fc_client_handshake_traffic_secret", "ssl_fc_client_random",
        "ssl_fc_client_traffic_secret_0", "ssl_fc_curve", "ssl_fc_early_exporter_secret", "ssl_fc_ech_outer_sni", "ssl_fc_ech_status",
        "ssl_fc_exporter_secret", "ssl_fc_server_handshake_traffic_secret", "ssl_fc_server_random", "ssl_fc_server_traffic_secret_0",
        "ssl_fc_session_id", "ssl_fc_session_key", "ssl_fc_unique_id", "term_events",
    ];

    public static readonly string[] Converters = [];
}

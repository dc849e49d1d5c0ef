namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What stands in the sections that are neither <c>global</c> nor a proxy. A section that is not supported says so once, at its head.</summary>
internal static class AuxiliaryKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        .. Of(Section.Peers, "bind", "default-bind", "default-server", "disabled", "enabled", "log", "peer", "server", "shards", "table"),
        .. Of(Section.Ring, "backing-file", "description", "format", "maxlen", "server", "size", "timeout connect", "timeout server"),
        .. Of(Section.Cache, "early-hints", "max-age", "max-object-size", "max-secondary-entries", "process-vary", "total-max-size"),
        .. Of(Section.LogForward, "assume-rfc6587-ntf", "backlog", "bind", "dgram-bind", "log", "maxconn", "option", "timeout client"),
        .. Of(Section.LogProfile, "log-tag", "on"),
        .. Of(Section.Acme,
            "account-key", "acme-vars", "bits", "challenge", "challenge-ready", "contact", "curves", "directory", "dns-delay", "dns-timeout",
            "keytype", "map", "profile", "provider-name", "reuse-key"),
        .. Of(Section.FcgiApp,
            "acl", "docroot", "index", "log-stderr", "no", "option get-values", "option keep-conn", "option max-reqs", "option mpxs-conns", "pass-header",
            "path-info", "set-param"),
        .. Of(Section.Traces, "trace"),
    ];

    private static IEnumerable<Keyword> Of(Section section, params string[] names) => names.Select(name => Keyword.Refused(name, section));
}

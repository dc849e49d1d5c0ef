namespace ProxyKit.Benchmarks.Proxies;

/// <summary>The haproxy.cfg of a setup: HAProxy's always, and ProxyKit's where rules are measured.</summary>
internal static class HaproxyFile
{
    /// <summary>Writes it, with the pattern file that its rules may name.</summary>
    /// <returns>Where it is.</returns>
    public static string Write(ProxySetup setup)
    {
        var patterns = Path.Combine(setup.Directory, "patterns");
        if (setup.Shape.Rules is { } rules)
            File.WriteAllLines(patterns, rules.Patterns);
        var file = NameIn(setup);
        File.WriteAllText(file, Configure(setup, patterns));
        return file;
    }

    public static string NameIn(ProxySetup setup) => Path.Combine(setup.Directory, "haproxy.cfg");

    private static string Configure(ProxySetup setup, string patterns)
    {
        var tls = setup.Shape.IsTls ? $" ssl crt {setup.CertificateFile}" : "";
        var resumes = setup.Shape.Protocol is not ProxyProtocol.TlsWithoutResumption;
        // maxconn counts two descriptors each, which may be more than this user may open; only one of the two is used by an idle client.
        return $"""
            global
                nbthread 1
                maxconn 12000
                no strict-limits
                {(resumes ? "" : "tune.ssl.cachesize 0")}
                {(resumes ? "" : "ssl-default-bind-options no-tls-tickets")}
            defaults
                mode {(setup.Shape.Protocol is ProxyProtocol.Tcp ? "tcp" : "http")}
                timeout connect 5s
                timeout client 300s
                timeout server 300s
                {(setup.Shape.Protocol is ProxyProtocol.Tcp ? "" : "http-reuse always")}
            frontend public
                bind 127.0.0.1:{setup.Port}{tls}
                {string.Join("\n    ", setup.Shape.Rules?.Lines(patterns) ?? [])}
                default_backend web
            backend web
                server s1 127.0.0.1:{setup.OriginPort}

            """;
    }
}

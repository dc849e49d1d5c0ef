namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>What checks ask, and what comes of the answers.</summary>
internal static class HealthCases
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    private const string Error = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private const string Server1 = "server s1 {s1} check inter 200";

    public static IEnumerable<HealthCase> All =>
    [
        .. Connections, .. Http, .. Bodies, .. Scripts, .. Protocols, .. Agents, .. Others,
    ];

    private static IEnumerable<HealthCase> Connections =>
    [
        HealthCase.Of("HC-01 a refused connection", "server s1 {dead} check inter 200").Logs(2, "Layer4 connection problem, info: \"Connection refused\"", "has no server available"),
        HealthCase.Of("HC-01 a connection", "option log-health-checks", Server1).Server("s1", "-").Logs(1, "Layer4 check passed"),
        HealthCase.Of("HC-24 a backup", "server s1 {dead} check inter 200", "server s2 {s2} backup").Server("s2", "-").Logs(1, "Running on backup"),
        HealthCase.Of("HC-08 another port", "option httpchk", "server s1 {dead} check port {s1p} inter 200", "option log-health-checks").Server("s1", Ok).Logs(1, "code: 200"),
        HealthCase.Of("HC-03 fall after several", "option httpchk", "option log-health-checks", Server1 + " fall 3 rise 2").Server("s1", Ok, Error, Error, Ok, Error, Error, Error, Ok, Ok)
            .Logs(12, "status: 3/3 UP", "status: 1/3 UP", "status: 1/2 DOWN"),
    ];

    private static IEnumerable<HealthCase> Http =>
    [
        Checked("HC-06 the default request").Server("s1", Ok).Logs(1, "OPTIONS / HTTP/1.0"),
        Checked("HC-07 a method and a target", "option httpchk GET /check").Server("s1", Ok).Logs(1, "GET /check HTTP/1.0"),
        Checked("HC-07 one word is a target", "option httpchk /check").Server("s1", Ok).Logs(1, "OPTIONS /check HTTP/1.0"),
        Checked("HC-07 a host as it was written before 2.2", "option httpchk GET /c HTTP/1.1\\r\\nHost:\\ www.example").Server("s1", Ok).Logs(1, "www.example"),
        Checked("HC-07 http-check send", "option httpchk", "http-check send meth GET uri /x ver HTTP/1.1 hdr Host h.example hdr X-A b").Server("s1", Ok).Logs(1, "GET /x HTTP/1.1"),
        Checked("http-check send over the option", "option httpchk GET /x HTTP/1.1", "http-check send hdr Host h.example").Server("s1", Ok).Logs(1, "GET /x HTTP/1.1"),
        Checked("http-check send with a body", "option httpchk", "http-check send meth POST uri /p hdr X-A b body hello").Server("s1", Ok).Logs(1, "hello"),
        Checked("HC-06 301 is good").Server("s1", "HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n").Logs(1, "code: 301"),
        Checked("HC-06 399 is good").Server("s1", "HTTP/1.1 399 X\r\nContent-Length: 0\r\n\r\n").Logs(1, "succeeded", "code: 399"),
        Checked("HC-06 400 is not").Server("s1", "HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n").Logs(1, "Layer7 wrong status, code: 400"),
        Checked("HC-06 404 is not").Server("s1", NotFound).Logs(3, "code: 404, info: \"Not Found\""),
        Unlogged("HC-26 a server is down", "option httpchk").Server("s1", Error).Logs(2, "Server b/s1 is DOWN, reason: Layer7 wrong status, code: 503"),
        Unlogged("HC-26 a server is up again", "option httpchk").Server("s1", Error, Ok).Logs(3, "Server b/s1 is UP, reason: Layer7 check passed, code: 200"),
        Checked("no HTTP").Server("s1", "hello\r\n\r\n").Logs(1, "Layer7 invalid response"),
        Checked("a close without an answer").Server("s1", "-").Logs(1, "failed"),
        Checked("HC-05 no answer in time").LimitedByInterval().Server("s1", "~").Logs(1, "Layer7 timeout"),
        Checked("timeout check", "option httpchk", "timeout check 120").Server("s1", "~").Logs(1, "Layer7 timeout"),
        Checked("HC-09 expect status", "option httpchk", "http-check expect status 200,204,300-302").Server("s1", NotFound).Logs(1, "code: 404"),
        Checked("HC-09 expect status, one of a list", "option httpchk", "http-check expect status 200,404,300-302").Server("s1", NotFound).Logs(1, "succeeded"),
        Checked("HC-09 expect status, one of a range", "option httpchk", "http-check expect status 200,204,400-404").Server("s1", NotFound).Logs(1, "succeeded"),
        Checked("HC-09 expect status, and no other", "option httpchk", "http-check expect status 200").Server("s1", "HTTP/1.1 204 No Content\r\n\r\n").Logs(1, "failed", "code: 204"),
        Checked("HC-09 expect another status", "option httpchk", "http-check expect ! status 200").Server("s1", Ok).Logs(1, "code: 200, info: \"OK\""),
        Checked("HC-09 expect rstatus", "option httpchk", "http-check expect rstatus ^4").Server("s1", NotFound).Logs(1, "code: 404"),
        Checked("HC-09 expect rstatus, another", "option httpchk", "http-check expect rstatus ^4").Server("s1", Ok).Logs(1, "failed", "code: 200"),
        Checked("HC-09 expect ! rstatus", "option httpchk", "http-check expect ! rstatus ^4").Server("s1", Ok).Logs(1, "succeeded"),
        Checked("HC-09 expect ! hdr", "option httpchk", "http-check expect ! hdr name x-a").Server("s1", "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 0\r\n\r\n").Logs(1, "failed"),
        Checked("HC-09 expect fhdr", "option httpchk", "http-check expect fhdr name x-a value -m str \"b, c\"")
            .Server("s1", "HTTP/1.1 200 OK\r\nX-A: b, c\r\nContent-Length: 0\r\n\r\n").Logs(1, "succeeded"),
        Checked("HC-09 expect hdr", "option httpchk", "http-check expect hdr name x-a value -m beg b").Server("s1", "HTTP/1.1 200 OK\r\nX-A: bc\r\nContent-Length: 0\r\n\r\n")
            .Logs(1, "succeeded"),
        Checked("HC-09 expect hdr, not there", "option httpchk", "http-check expect hdr name x-b").Server("s1", Ok).Logs(1, "failed"),
        Checked("HC-10 several requests", "option httpchk", "http-check connect", "http-check send uri /1", "http-check expect status 200", "http-check connect",
            "http-check send uri /2", "http-check expect status 404").Server("s1", Ok, Ok).Logs(1, "code: 200"),
        Unlogged("HC-10 the second of two requests fails", "option httpchk", "http-check connect", "http-check send uri /1", "http-check expect status 200", "http-check connect",
            "http-check send uri /2", "http-check expect status 200").Server("s1", Ok, Error).Logs(2, "Server b/s1 is DOWN, reason: Layer7 wrong status, code: 503"),
        Checked("disable-on-404", "option httpchk", "http-check disable-on-404").Server("s1", NotFound).Logs(2, "conditionally succeeded", "is stopping"),
        Unlogged("NOLB, then down, then up", "option httpchk", "http-check disable-on-404").Server("s1", NotFound, Error, Error, Error, Ok, Ok).Logs(4, "is stopping", "is DOWN", "is UP"),
    ];

    private static IEnumerable<HealthCase> Bodies =>
    [
        Checked("HC-09 expect string", "option httpchk", "http-check expect string success").Server("s1", "HTTP/1.0 200 OK\r\n\r\nall success").Logs(1, "succeeded"),
        Checked("HC-09 expect string, not there", "option httpchk", "http-check expect string success").Server("s1", Ok).Logs(1, "HTTP content check did not match"),
        Checked("HC-09 expect ! string", "option httpchk", "http-check expect ! string ok").Server("s1", Ok).Logs(1, "HTTP check matched unwanted content"),
        Checked("HC-09 expect rstring", "option httpchk", "http-check expect rstring ^o.$").Server("s1", Ok).Logs(1, "succeeded"),
        Checked("HC-09 expect rstring, not there", "option httpchk", "http-check expect rstring ^o.$").Server("s1", "HTTP/1.0 200 OK\r\n\r\nfail")
            .Logs(1, "HTTP content check did not match"),
        Checked("HC-09 expect ! rstring", "option httpchk", "http-check expect ! rstring ^o.$").Server("s1", Ok).Logs(1, "HTTP check matched unwanted content"),
        Unlogged("HC-09 a body that says it fails", "option httpchk", "http-check expect string success").Server("s1", "HTTP/1.0 200 OK\r\n\r\nfail")
            .Logs(2, "Server b/s1 is DOWN, reason: Layer7 invalid response, info: \"HTTP content check did not match\""),
        Checked("a body in chunks", "option httpchk", "http-check expect string abcd").Server("s1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n")
            .Logs(1, "succeeded"),
        Checked("no body", "option httpchk", "http-check expect string a").Server("s1", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .Logs(1, "HTTP content check could not find a response body"),
    ];

    private static IEnumerable<HealthCase> Scripts =>
    [
        Script("a script", "tcp-check connect", "tcp-check send PING\\r\\n", "tcp-check expect string PONG").Server("s1", "+PONG\r\n").Logs(1, "(tcp-check)", "PING"),
        Script("a script without a connect", "tcp-check send PING\\r\\n", "tcp-check expect string PONG").Server("s1", "+PONG\r\n").Logs(1, "(tcp-check)"),
        Script("HC-10 a mismatch names its step", "tcp-check connect", "tcp-check send PING\\r\\n", "tcp-check expect string PONG comment \"the pong\"").Server("s1", "-ERR\r\n")
            .Logs(1, "at step 3 comment: the pong"),
        Unlogged("HC-10 a script that fails at its second step", "option tcp-check", "tcp-check connect", "tcp-check connect port 1").Server("s1", "-")
            .Logs(2, "Server b/s1 is DOWN, reason: Layer4 connection problem", "at step 2 of tcp-check (connect port 1)"),
        Script("an unwanted content", "tcp-check expect ! string ERR").Server("s1", ">-ERR").Logs(1, "TCPCHK matched unwanted content"),
        Script("an empty answer", "tcp-check expect string PONG").Server("s1", ">").Logs(1, "failed"),
        Script("bytes", "tcp-check send-binary 50494e47", "tcp-check expect binary 504f4e47").Server("s1", "PONG").Logs(1, "succeeded", "PING"),
        Script("an expression", "tcp-check expect rstring ^\\+P.NG").Server("s1", ">+PONG").Logs(1, "succeeded"),
        Script("an expression over bytes", "tcp-check expect rbinary ^504F").Server("s1", ">PONG").Logs(1, "succeeded"),
        Script("two expectations of one answer", "tcp-check expect string one", "tcp-check expect string two").Server("s1", ">one two").Logs(1, "succeeded"),
        Script("no rule but the option").Server("s1", "-").Logs(1, "Layer4 check passed"),
        Script("a refused connection of a script", "tcp-check connect port 1").Server("s1", "-").Logs(1, "at step 1 of tcp-check (connect port 1)"),
        Script("a send alone", "tcp-check send hello").Server("s1", "-").Logs(1, "succeeded").Hears("s1"),
    ];

    private static IEnumerable<HealthCase> Protocols =>
    [
        Checked("redis", "option redis-check").Server("s1", "+PONG\r\n").Logs(1, "succeeded", "*1\\x0d\\x0a$4"),
        Checked("redis, an error", "option redis-check").Server("s1", "-NOAUTH Authentication required.\r\n").Logs(1, "failed"),
        Checked("smtp", "option smtpchk EHLO me.example").Server("s1", ">220 hi\r\n||250-me\r\n250 ok\r\n||221 bye\r\n").Logs(1, "succeeded", "EHLO me.example"),
        Checked("smtp, closed", "option smtpchk").Server("s1", ">421 closing\r\n").Logs(1, "code: 421"),
        Checked("ldap", "option ldap-check").Server("s1", "0\f\u0002\u0001\u0001a\u0007\n\u0001\0\u0004\0\u0004\0").Logs(1, "succeeded"),
        Checked("ldap, no such protocol", "option ldap-check").Server("s1", "hello there, this is not it").Logs(1, "failed"),
        Checked("pgsql", "option pgsql-check user u").Server("s1", "R\0\0\0\b\0\0\0\0").Logs(1, "succeeded"),
        Checked("mysql without a user", "option mysql-check").Server("s1", ">\u0010\0\0\0\n5.7.1\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\0").Logs(1, "succeeded"),
        Checked("spop", "option spop-check").Server("s1", SpopHello("2.0")).Logs(1, "succeeded", "supported-versions"),
        Checked("spop, another version", "option spop-check").Server("s1", SpopHello("2.1")).Logs(1, "unsupported version"),
        Checked("spop, an agent that is busy", "option spop-check").Server("s1", "\0\0\0\u0015f\0\0\0\u0001\0\0\u000bstatus-code\u0003\r").Logs(1, "resource allocation error"),
        Checked("HC-10 a TLS greeting", "option ssl-hello-chk").Server("s1", "\u0015\u0003\0\0\u0002\u0002(").Logs(1, "Layer6 check passed", "a TLS greeting"),
        Checked("HC-10 no TLS", "option ssl-hello-chk").Server("s1", "hello").Logs(1, "Layer6 invalid response"),
    ];

    /// <summary>What an agent says of its version, and that it takes frames of 16380 bytes.</summary>
    private static string SpopHello(string version) =>
        $"\0\0\0\u0027e\0\0\0\u0001\0\0\aversion\b\u0003{version}\u000emax-frame-size\u0003\u00fc\u00f0\u0006";

    private static IEnumerable<HealthCase> Agents =>
    [
        Agent("HC-17 down").Server("a1", ">down\n").Logs(1, "is DOWN"),
        Agent("HC-17 down, with a reason").Server("a1", ">fail #disk full\n").Logs(1, "via agent : fail (disk full)"),
        Agent("HC-17 down, then up").Server("a1", ">down\n", ">up\n").Logs(3, "is DOWN", "is UP"),
        Agent("HC-16 a line without an end is none").Server("a1", ">down", ">drain\n").Logs(1, "enters drain state"),
        Agent("HC-16 one line counts, and CR ends it").Server("a1", ">drain\rdown\n").Logs(1, "enters drain state"),
        Agent("HC-17 stopped").Server("a1", ">stopped\n").Logs(1, "via agent : stopped"),
        Agent("HC-17 several words").Server("a1", ">weight:50%\tdown,maxconn:30 drain up #x\n").Logs(1, "enters drain state"),
        Agent("HC-17 drain of a server that is down").Server("a1", ">down\n", ">drain\n").Logs(3, "is DOWN", "enters drain state. 0 active and 0 backup servers left"),
        Agent("HC-17 drain, then down and up").Server("a1", ">drain\n", ">down\n", ">up\n", ">ready\n")
            .Logs(7, "is DOWN", "is UP", "remains in forced drain mode", "is UP (leaving forced drain)"),
        Agent("HC-17 maint, then drain").Server("a1", ">maint\n", ">drain\n").Logs(4, "is UP/DRAIN (leaving forced maintenance)", "remains in forced drain mode"),
        HealthCase.Of("HC-17 words that say nothing of its health", "option log-health-checks", "server s1 {s1} agent-check agent-port {a1p} agent-inter 200")
            .Server("s1", "-").Server("a1", ">up\n", ">drain\n", ">ready\n", ">up\n").Logs(5, "Agent check for server b/s1 succeeded", "enters drain state"),
        Agent("HC-17 drain").Server("a1", ">drain\n").Logs(1, "enters drain state"),
        Agent("HC-17 drain, then ready").Server("a1", ">drain\n", ">ready\n").Logs(3, "enters drain state"),
        Agent("HC-17 maint").Server("a1", ">maint\n").Logs(1, "going DOWN for maintenance"),
        Agent("HC-17 maint, then ready").Server("a1", ">maint\n", ">ready\n").Logs(3, "leaving forced maintenance"),
        Agent("HC-20 agent-send", " agent-send hello\\n").Server("a1", "down\n").Logs(1, "hello\\x0a"),
        Agent("HC-20 agent-send without the end of a line", " agent-send hello").Server("a1", "down\n").Logs(1, "a1 received hello\n"),
        Agent("HC-19 silence changes nothing").Server("a1", ">down\n", "-", ">up\n").Logs(3, "is DOWN", "is UP"),
        Agent("HC-19 maintenance changes nothing").Server("a1", ">down\n", ">maint\n", ">ready\n", ">up\n")
            .Logs(5, "was DOWN and now enters maintenance", "is DOWN/READY (leaving forced maintenance)", "Server b/s1 is UP, reason"),
        Agent("HC-19 what it says in maintenance counts at its end").Server("a1", ">maint\n", ">down\n", ">ready\n").Logs(3, "is DOWN/READY (leaving forced maintenance)"),
        HealthCase.Of("HC-19 an agent that cannot be reached", "option log-health-checks", "server s1 {s1} agent-check agent-port 1 agent-inter 200").Server("s1", "-")
            .Logs(1, "Agent check for server b/s1 failed, reason: Layer4 connection problem", "status: 1/1 UP"),
    ];

    private static IEnumerable<HealthCase> Others =>
    [
        HealthCase.Of("HC-27 track", "option httpchk", Server1, "server s2 {s2} track b/s1").Server("s1", Error).Server("s2", "-").Logs(3, "Server b/s2 is DOWN via b/s1"),
        HealthCase.Of("HC-27 track a server of another backend", "option httpchk", Server1, "backend c", "    server s2 {s2} track b/s1").Server("s1", Error).Server("s2", "-")
            .Logs(4, "Server c/s2 is DOWN via b/s1", "s2 received \n"),
        HealthCase.Of("HC-11 observe layer7, mark-down", "option log-health-checks", "server s1 {s1} check inter 1m observe layer7 error-limit 3 on-error mark-down")
            .Server("s1", Error).Asked(3, afterLines: 1).Logs(4, "Detected 3 consecutive errors, last one was: Wrong http response"),
        HealthCase.Of("HC-12 404 is no error", "option log-health-checks", "server s1 {s1} check inter 1m observe layer7 error-limit 2 on-error mark-down")
            .Server("s1", NotFound, NotFound, Error, NotFound, Error, NotFound, Error, Error).Asked(8, afterLines: 1).Logs(4, "Wrong http response"),
        HealthCase.Of("HC-11 observe layer4", "retries 0", "option log-health-checks", "server s1 {dead} check port {s1p} inter 1m observe layer4 error-limit 2 on-error mark-down")
            .Server("s1", "-").Asked(2, afterLines: 1).Logs(4, "L4 unsuccessful connection"),
        Observed("HC-11 a server that closes without an answer", "").Server("s1", "-").Asked(1, afterLines: 1).Logs(3, "Close from server (http)"),
        Observed("HC-11 a server that speaks no HTTP", "").Server("s1", "hello\r\n\r\n").Asked(1, afterLines: 1).Logs(3, "Invalid http response (headers)"),
        Observed("HC-11 a server that does not answer in time", "timeout server 300").Server("s1", "~").Asked(1, afterLines: 1).Logs(3, "Read timeout (http)"),
        HealthCase.Of("HC-13 sudden-death", "option log-health-checks", "server s1 {s1} check inter 1m fastinter 200 observe layer7 error-limit 2 on-error sudden-death")
            .Server("s1", Error).Asked(2, afterLines: 1).Logs(3, "Health analyze", "status: 1/3 UP", "status: 3/3 UP"),
        HealthCase.Of("HC-13 fail-check", "option log-health-checks", "server s1 {s1} check inter 1m observe layer7 error-limit 2").Server("s1", Error)
            .Asked(2, afterLines: 1).Logs(2, "Health analyze"),
    ];

    private static HealthCase Checked(string name, params string[] lines) =>
        HealthCase.Of(name, [.. lines.Length == 0 ? ["option httpchk"] : lines, "option log-health-checks", Server1]);

    private static HealthCase Unlogged(string name, params string[] lines) => HealthCase.Of(name, [.. lines, Server1]);

    /// <summary>A server whose first error takes it out, whatever its checks find, which are of another one.</summary>
    private static HealthCase Observed(string name, string line) => HealthCase.Of(
        name, "retries 0", line, "option log-health-checks", "server s1 {s1} check port {s2p} inter 1m observe layer7 error-limit 1 on-error mark-down").Server("s2", "-");

    private static HealthCase Script(string name, params string[] lines) => Checked(name, ["option tcp-check", .. lines]);

    private static HealthCase Agent(string name, string more = "") =>
        HealthCase.Of(name, "server s1 {s1} agent-check agent-port {a1p} agent-inter 200" + more).Server("s1", "-");
}

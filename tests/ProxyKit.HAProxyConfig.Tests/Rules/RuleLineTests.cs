using ProxyKit.HAProxyConfig.Rules;

namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>Rule lines, read into the rules that code would make.</summary>
public sealed class RuleLineTests
{
    public static TheoryData<string> RequestLines =>
    [
        "allow", "deny", "deny deny_status 429", "deny status 429", "deny status 401 content-type text/plain string \"go away\" hdr x-a %[src]",
        "tarpit", "tarpit deny_status 503", "reject", "silent-drop", "return", "return status 204", "return status 200 content-type text/plain string pong",
        "return content-type \"text/plain\" lf-string \"pong %[date()]\"", "return status 503 default-errorfiles", "auth", "auth realm Gold",
        "redirect location /x", "redirect scheme https code 308", "redirect prefix https://a.example drop-query append-slash code 301",
        "redirect location %[path] ignore-empty keep-query set-cookie A=1", "redirect location / clear-cookie A=",
        "set-header x-a b", "add-header x-a \"%[src] %%\"", "del-header x-a", "del-header ^x- -m reg", "del-header x- -m beg",
        "replace-header cookie (.*) \\1", "replace-value accept a b", "early-hint link </a.css>", "strict-mode off",
        "set-method POST", "set-path /x%[path]", "set-pathq /x", "set-query a=b", "set-uri /x", "replace-path ^/v0/(.*) /v1/\\1", "replace-pathq a b", "replace-uri a b",
        "normalize-uri path-merge-slashes", "normalize-uri path-strip-dotdot full", "normalize-uri percent-to-uppercase strict", "normalize-uri query-sort-by-name",
        "set-var(txn.a) src", "set-var(txn.a,ifnotexists) req.hdr(host),lower", "set-var-fmt(txn.a) %[src]-x", "unset-var(txn.a)",
        "set-map(virt@m) %[src] 1", "del-map(virt@m) %[src]", "add-acl(virt@a) %[src]", "del-acl(virt@a) %[src]", "capture req.hdr(host) len 20",
        "wait-for-body time 1s", "wait-for-body time 1s at-least 10k", "wait-for-handshake", "pause 10ms", "pause int(5)", "set-timeout client 5s", "set-timeout tarpit 5s", "disable-l7-retry",
        "set-log-level silent", "set-nice 10", "set-priority-class int(-10)", "set-priority-offset int(250)", "set-src req.hdr(x-ip)", "set-src-port int(1)",
        "set-dst str(10.0.0.1)", "set-dst-port int(80)", "track-sc0 src", "track-sc1 req.hdr(host) table b", "sc-inc-gpc(0,1)", "sc-inc-gpc0", "sc-inc-gpc1(2)", "sc-add-gpc(1,0) 5",
        "sc-add-gpc(1,0) req.body_len", "sc-set-gpt(0,0) 7", "sc-set-gpt0(1) 7",
    ];

    public static TheoryData<string, string> Faults => new()
    {
        { "http-request set-header x", "while parsing 'http-request set-header' rule : missing <fmt>: expects <name> <fmt>." },
        { "http-request set-header x %[nope]", "while parsing 'http-request set-header' rule : " },
        { "http-request set-var(txn.a) nope", "while parsing 'http-request set-var' rule : unknown fetch method 'nope'" },
        { "http-request set-var(foo.a) src", "while parsing 'http-request set-var' rule : " },
        { "http-request set-var(txn.a,ifnot) src", "unknown condition \"ifnot\"" },
        { "http-request unset-var(txn.a,ifempty)", "while parsing 'http-request unset-var' rule : unset-var does not expect parameters after the variable name. Only \"set-var\" and \"set-var-fmt\" manage conditions." },
        { "http-response unset-var(txn.a,)", "unset-var does not expect parameters after the variable name." },
        { "http-request redirect /x", "redirection type expected ('prefix', 'location', or 'scheme')." },
        { "http-request redirect location /x code 304", "unsupported HTTP code '304' (must be one of 301, 302, 303, 307 or 308)." },
        { "http-response redirect prefix /x", "response only supports redirect type 'location'." },
        { "http-request return string x", "a content type must be defined when non-empty payload is configured." },
        { "http-request return content-type t string x file y", "unexpected 'file' argument, 'string' already defined." },
        { "http-request return status 204 content-type t string x", "No body expected for 204 responses." },
        { "http-request deny deny_status 418", "status" },
        { "http-request del-header x -m ip", "-m with unsupported matching method 'ip'." },
        { "http-request pause 0", "null value is not valid for a 'pause' rule." },
        { "http-request set-timeout server 5s", "'f' has no backend capability." },
        { "http-request set-retries 3", "'f' has no backend capability." },
        { "http-request wait-for-body at-least 5", "expects time <time> [ at-least <bytes> ]." },
        { "http-request normalize-uri nope", "unknown normalizer 'nope'." },
        { "http-request set-status 200", "expects 'add-acl(*)', 'add-header'" },
        { "http-response set-status 99", "expects an integer from 100 to 999" },
        { "http-request denny", ", but got 'denny'. Did you mean 'deny' maybe ?" },
        { "http-request deny if { nope /x }", "nope" },
        { "http-request deny if !", "a term is missing after '!' in condition." },
        { "http-request deny if TRUE or", "a term is missing after 'or' in condition." },
        { "http-request deny if or TRUE", "a term is missing before 'or' in condition." },
        { "http-request deny if TRU", "no such ACL : 'TRU'; did you mean 'TRUE' maybe ?." },
        { "acl a nope /x", "error detected while parsing ACL 'a' : " },
        { "http-request use-service prometheus-exporter", "'prometheus-exporter' is not supported yet." },
        { "http-request send-spoe-group a b", "'http-request send-spoe-group' is not supported yet." },
        { "http-request sc-inc-gpc(0)", "expects an index and a counter's number between brackets." },
    };

    [Theory]
    [MemberData(nameof(RequestLines))]
    public void Line_becomes_a_rule(string line)
    {
        var frontend = Reading.Frontend($"http-request {line} if METH_GET");

        var rule = Assert.Single(frontend.Rules.Request);
        Assert.NotNull(rule.Condition);
        Assert.Equal("a.cfg:5", rule.Origin);
    }

    [Theory]
    [InlineData("redirect prefix \"\"")]
    [InlineData("redirect location \"\" code 301")]
    [InlineData("redirect scheme \"\"")]
    [InlineData("redirect location /x code \"\"")]
    [InlineData("redirect location /x set-cookie \"\"")]
    [InlineData("redirect location /x set-cookie-fmt \"\"")]
    [InlineData("redirect location /x clear-cookie \"\"")]
    [InlineData("set-header authorization \"\"")]
    [InlineData("set-header \"\" x")]
    [InlineData("add-header x \"\"")]
    [InlineData("del-header \"\"")]
    [InlineData("del-header x -m \"\"")]
    [InlineData("replace-header x \"\" y")]
    [InlineData("replace-header x a \"\"")]
    [InlineData("replace-value x a \"\"")]
    [InlineData("replace-path a \"\"")]
    [InlineData("replace-pathq \"\" a")]
    [InlineData("replace-uri a \"\"")]
    [InlineData("early-hint x \"\"")]
    [InlineData("set-method \"\"")]
    [InlineData("set-path \"\"")]
    [InlineData("set-pathq \"\"")]
    [InlineData("set-query \"\"")]
    [InlineData("set-uri \"\"")]
    [InlineData("set-log-level \"\"")]
    [InlineData("set-var(txn.a) \"\"")]
    [InlineData("set-map(virt@m) k \"\"")]
    [InlineData("set-map(virt@m) \"\" v")]
    [InlineData("del-map(virt@m) \"\"")]
    [InlineData("add-acl(virt@a) \"\"")]
    [InlineData("del-acl(virt@a) \"\"")]
    [InlineData("auth realm \"\"")]
    [InlineData("track-sc0 src table \"\"")]
    [InlineData("track-sc0 \"\"")]
    [InlineData("capture \"\" len 5")]
    [InlineData("set-src \"\"")]
    [InlineData("set-timeout client \"\"")]
    [InlineData("wait-for-body time \"\"")]
    [InlineData("return content-type \"\" string x")]
    [InlineData("return content-type a/b string \"\"")]
    [InlineData("return content-type a/b lf-string \"\"")]
    [InlineData("return content-type a/b file \"\"")]
    [InlineData("return content-type a/b string x hdr x \"\"")]
    [InlineData("return content-type a/b string x hdr \"\" x")]
    [InlineData("return errorfile \"\"")]
    [InlineData("return errorfiles \"\"")]
    [InlineData("deny hdr x \"\"")]
    [InlineData("use-service \"\"")]
    public void Empty_argument_is_none(string line)
    {
        foreach (var condition in (string[])["", " if METH_GET"])
        {
            var alert = Reading.Alert($"frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request {line}{condition}\n");

            Assert.StartsWith("parsing [a.cfg:5] : error detected in frontend 'f' while parsing 'http-request ", alert, StringComparison.Ordinal);
            Assert.Contains(" rule : missing ", alert, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Variable_that_is_not_set_gives_no_redirect()
    {
        const string Text = "frontend f\nmode http\nbind :80\ntimeout client 1s\nredirect prefix \"$CANON\" code 301\n";

        Assert.Contains("missing ", Reading.Alert(Text), StringComparison.Ordinal);
        Assert.True(Reading.Of(Text, ("CANON", "https://www.example")).IsValid);
    }

    [Fact]
    public void Variable_may_be_set_to_an_empty_text() =>
        Assert.Single(Reading.Frontend("http-request set-var-fmt(txn.a) \"\"").Rules.Request);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Line_that_is_no_rule_is_told(string line, string message)
    {
        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\n{line}\n");

        Assert.Null(result.Options);
        var alert = Assert.Single(result.Diagnostics, static d => d.Severity == HAProxyConfig.Diagnostics.DiagnosticSeverity.Alert);
        Assert.Equal(5, alert.Line);
        Assert.Contains(message, alert.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if A B or C", "deny if A B or C")]
    [InlineData("if !A || B", "deny if !A or B")]
    [InlineData("unless A B", "deny unless A B")]
    [InlineData("if ! A", "deny if !A")]
    [InlineData("if METH_GET { path -i /d }", "deny if METH_GET { path -i /d }")]
    public void Terms_side_by_side_bind_stronger_than_or(string condition, string shown)
    {
        var rule = Assert.Single(Reading.Frontend($"acl A path /a\nacl B path /b\nacl C path /c\nhttp-request deny {condition}").Rules.Request);

        Assert.Equal(shown, rule.ToString());
    }

    [Fact]
    public void Acl_of_one_name_is_any_of_its_lines()
    {
        var frontend = Reading.Frontend("acl A path /a\nacl A path /b\nhttp-request deny if A");

        Assert.Equal("{ path /a } or { path /b }", frontend.Acls["A"].ToString());
        Assert.Equal("A", Assert.Single(frontend.Rules.Request).Condition!.ToString());
    }

    [Fact]
    public void Acl_has_to_be_declared_before_it_is_used()
    {
        Assert.Contains("no such ACL : 'A'.", Reading.Of("frontend f\nmode http\nbind :80\nhttp-request deny if A\nacl A path /a\n").Alerts().First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("do-log profile p", "'profile' is not supported yet")]
    [InlineData("silent-drop rst-ttl 0", "valid rst-ttl values are [1-255]")]
    [InlineData("silent-drop rst-ttl 256", "valid rst-ttl values are [1-255]")]
    [InlineData("silent-drop rst-ttl x", "valid rst-ttl values are [1-255]")]
    [InlineData("set-fc-tos 256", "expects an integer from 0 to 255, decimal or behind 0x, or an expression (got '256')")]
    [InlineData("set-fc-mark 0xg", "expects an integer from 0 to 4294967295, decimal or behind 0x, or an expression (got '0xg')")]
    [InlineData("del-headers-bin bin(0000) -m reg", "-m with unsupported matching method 'reg'")]
    public void Argument_out_of_range_is_told(string line, string message) =>
        Assert.Contains(message, Reading.Alert($"frontend f\nmode http\nbind :80\ntimeout client 1s\nhttp-request {line}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("do-log", "do-log")]
    [InlineData("silent-drop rst-ttl 7", "silent-drop rst-ttl 7")]
    [InlineData("set-fc-mark 0xff", "set-fc-mark 255")]
    [InlineData("set-mark 7", "set-fc-mark 7")]
    [InlineData("set-tos 0x10", "set-fc-tos 16")]
    [InlineData("set-fc-tos int(7),add(1)", "set-fc-tos int(7),add(1)")]
    [InlineData("set-bc-mark 0xff", "set-bc-mark 255")]
    [InlineData("set-bc-tos int(7),add(1)", "set-bc-tos int(7),add(1)")]
    [InlineData("del-headers-bin bin(0000) -m beg", "del-headers-bin bin(0000) -m beg")]
    public void Line_becomes_the_action_it_names(string line, string action) =>
        Assert.Equal(action, Assert.Single(Reading.Frontend($"http-request {line}").Rules.Request).Action.ToString());

    [Fact]
    public void Connections_and_sessions_have_lines_of_their_own()
    {
        var rules = Reading.Frontend("tcp-request connection do-log\ntcp-request session do-log if { src 127.0.0.1 }").Rules;

        Assert.Equal(("do-log", "do-log"), (Assert.Single(rules.Connection).Action.ToString(), Assert.Single(rules.Session).Action.ToString()));
    }

    [Fact]
    public void Every_action_of_the_manual_is_known()
    {
        string[] request =
        [
            "add-acl", "add-header", "set-header", "del-header", "add-headers-bin", "set-headers-bin", "del-headers-bin", "allow", "auth", "cache-use", "capture", "del-acl",
            "del-map", "set-map", "deny", "disable-l7-retry", "do-log", "do-resolve", "early-hint", "normalize-uri", "pause", "redirect", "reject", "replace-header", "replace-value",
            "replace-path", "replace-pathq", "replace-uri", "return", "sc-add-gpc", "sc-inc-gpc", "sc-inc-gpc0", "sc-inc-gpc1", "sc-set-gpt", "sc-set-gpt0", "send-spoe-group",
            "set-bandwidth-limit", "set-bc-mark", "set-bc-tos", "set-dst", "set-dst-port", "set-src", "set-src-port", "set-fc-mark", "set-fc-tos", "set-mark", "set-tos",
            "set-log-level", "set-method", "set-path", "set-pathq", "set-query", "set-uri", "set-nice", "set-priority-class", "set-priority-offset", "set-retries", "set-timeout",
            "set-var", "set-var-fmt", "unset-var", "silent-drop", "strict-mode", "tarpit", "track-sc0", "use-service", "wait-for-body", "wait-for-handshake",
        ];
        Assert.All(request, static name => Assert.True(ActionGrammar.Find(name, RuleLists.Request) is not null, name));
        Assert.All(["set-status", "cache-store"], static name => Assert.True(ActionGrammar.Find(name, RuleLists.Response) is not null, name));
        Assert.All(["close", "accept", "reject"], static name => Assert.True(ActionGrammar.Find(name, RuleLists.ResponseContent) is not null, name));
        Assert.All(["expect-proxy", "expect-netscaler-cip"], static name => Assert.True(ActionGrammar.Find(name, RuleLists.Connection) is not null, name));
        Assert.NotNull(ActionGrammar.Find("attach-srv", RuleLists.Session));
        Assert.NotNull(ActionGrammar.Find("switch-mode", RuleLists.Content));
    }

    [Fact]
    public void Backend_can_be_named_by_the_request()
    {
        var route = Assert.Single(Reading.Frontend("use_backend %[req.hdr(host),lower] if { path_beg /x }").Routes);

        Assert.Equal("", route.Backend);
        Assert.NotNull(route.Name);
    }
}

using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests.Diagnostics;

/// <summary>What only the options' own checks find is said of a line all the same.</summary>
public sealed class FaultPlaceTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";

    [Theory]
    [InlineData("log-format %[path]", "parsing [a.cfg:5] : frontend \"f\" > LogFormat: sample fetch <path> may not be reliably used here")]
    [InlineData("error-log-format %[path]", "parsing [a.cfg:5] : frontend \"f\" > ErrorLogFormat: sample fetch <path> ")]
    [InlineData("unique-id-format %[srv_name]", "parsing [a.cfg:5] : frontend \"f\" > UniqueIdFormat: sample fetch <srv_name> ")]
    [InlineData("http-error status 404 errorfiles none", "parsing [a.cfg:5] : frontend \"f\" > error page 1 > ")]
    [InlineData("http-request set-header a %[srv_name]", "parsing [a.cfg:5] : sample fetch <srv_name> ")]
    public void Fault_of_the_options_is_said_of_its_line(string line, string alert)
    {
        var result = Reading.Of($"{Frontend}{line}\n");

        Assert.True(result.IsValid, result.ToString());
        var fault = Assert.Single(Proxy.Check(result.Options));
        Assert.StartsWith(alert, result.Locate(fault).ToString(), StringComparison.Ordinal);
    }

    /// <summary>HAProxy refuses what ACLs name that is not there whether they are asked or not.</summary>
    [Theory]
    [InlineData("acl a path -f /nowhere/list", "parsing [a.cfg:5] : frontend \"f\" > ACL \"a\" > ", "/nowhere/list")]
    [InlineData("acl a path /x\nacl a path -f /nowhere/list", "parsing [a.cfg:6] : frontend \"f\" > ACL \"a\" > term 2 > ", "/nowhere/list")]
    [InlineData("acl a http_auth(nolist)", "parsing [a.cfg:5] : frontend \"f\" > ACL \"a\" > ", "unable to find userlist 'nolist'")]
    [InlineData("acl a nbsrv(nowhere) gt 1", "parsing [a.cfg:5] : frontend \"f\" > ACL \"a\" > ", "unable to find backend 'nowhere'")]
    [InlineData("backend b\nmode http\nacl a src_conn_rate(nowhere) gt 1", "parsing [a.cfg:7] : backend \"b\" > ACL \"a\" > ", "unable to find table 'nowhere'")]
    [InlineData("listen l\nmode http\nbind :81\nserver s 10.0.0.1:80\ntimeout client 1s\nacl a http_auth(nolist)", "parsing [a.cfg:10] : frontend \"l\" > ACL \"a\" > ", "unable to find userlist 'nolist'")]
    [InlineData("backend b\nmode http\nacl a path /x\nhttp-request deny if a\nacl a http_auth(nolist)", "parsing [a.cfg:9] : backend \"b\" > ACL \"a\" > term 2 > ", "unable to find userlist 'nolist'")]
    [InlineData("defaults d\nmode http\ntimeout client 1s\nacl a http_auth(nolist)\nfrontend g from d\nbind :81\nhttp-request set-header x %[acl(a)]", "parsing [a.cfg:11] : ", "unable to find userlist 'nolist'")]
    [InlineData("acl a http_auth(nolist)\nhttp-request deny if a", "parsing [a.cfg:6] : ACL 'a' : ", "unable to find userlist 'nolist'")]
    [InlineData("acl a http_auth(nolist)\nuse_backend b if a\nbackend b\nmode http", "parsing [a.cfg:6] : ACL 'a' : ", "unable to find userlist 'nolist'")]
    public void Fault_of_an_acl_is_said_once_of_its_line_or_of_the_one_that_asks(string lines, string start, string fault)
    {
        var result = Reading.Of($"{Frontend}{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        var told = result.Locate(Assert.Single(Proxy.Check(result.Options))).ToString();
        Assert.StartsWith(start, told, StringComparison.Ordinal);
        Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acl a res.hdr(x) x\nacl b srv_name x")] // what is not known where rules stand is known elsewhere
    [InlineData("backend b\nmode http\nacl a nbsrv lt 1\nserver s 10.0.0.1:80")]
    [InlineData("listen l\nmode http\nbind :81\ntimeout client 1s\nserver s 10.0.0.1:80\nacl a fe_conn gt 1\nacl b nbsrv lt 1\nacl c srv_is_up(s)")]
    [InlineData("defaults d\nmode http\ntimeout client 1s\nacl a nbsrv(nowhere) gt 1\nfrontend g from d\nbind :81")] // as in HAProxy
    [InlineData("backend b\nmode http\ndisabled\nacl a nbsrv(nowhere) gt 1")] // likewise
    public void Acl_that_nobody_asks_may_be_asked(string lines)
    {
        var result = Reading.Of($"{Frontend}{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Empty(Proxy.Check(result.Options, out var warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Fault_of_mails_is_said_of_their_last_line()
    {
        var result = Reading.Of(
            $"mailers ops\nmailer m1 127.0.0.1:25\n{Frontend}backend b\nemail-alert to a@b.example\nemail-alert mailers ops\nemail-alert from \"a\\nb\"\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.StartsWith(
            "parsing [a.cfg:10] : backend \"b\" > EmailAlert > From: ", result.Locate(Assert.Single(Proxy.Check(result.Options))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_of_a_password_that_is_broken_off_is_said_of_its_line()
    {
        var result = Reading.Of($"userlist u\nuser ann password $6$salt\n{Frontend}");

        Assert.True(result.IsValid, result.ToString());
        Assert.StartsWith(
            "parsing [a.cfg:2] : user list \"u\" > user \"ann\" > PasswordHash: ", result.Locate(Assert.Single(Proxy.Check(result.Options))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_in_defaults_is_the_one_that_is_named()
    {
        var result = Reading.Of($"defaults\nlog-format %[path]\n{Frontend}");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(2, result.Locate(Assert.Single(Proxy.Check(result.Options))).Line);
    }

    [Fact]
    public void Fault_of_no_line_is_said_without_one() =>
        Assert.Equal("MaxConnections: 0 is out of range.", Reading.Of(Frontend).Locate("MaxConnections: 0 is out of range.").ToString());

    [Theory]
    [InlineData("http-request deny if { res.hdr(x) x }", "res.hdr")]
    [InlineData("acl s srv_name x\nhttp-request deny if s", "srv_name", 6)]
    [InlineData("tcp-request connection reject if { path /x }", "path")]
    [InlineData("http-response set-header a b if { path /x }", "path")]
    [InlineData("use_backend b if { res.hdr(x) x }\nbackend b\nmode http", "res.hdr")]
    public void Condition_that_never_holds_is_warned_of(string lines, string fetch, int line = 5)
    {
        var result = Reading.Of($"{Frontend}{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Empty(Proxy.Check(result.Options, out var warnings));
        Assert.Equal(
            $"parsing [a.cfg:{line}] : the condition on <{fetch}> never holds because what it needs is not available here.",
            result.Locate(Assert.Single(warnings), DiagnosticSeverity.Warning).ToString());
    }

    [Fact]
    public void Fetch_of_raw_bytes_is_warned_of_in_HTTP_mode()
    {
        var result = Reading.Of($"{Frontend}http-request deny if {{ req.len gt 0 }}\n");

        Assert.Empty(Proxy.Check(result.GetOptionsOrThrow(), out var warnings));
        Assert.Equal(
            "parsing [a.cfg:5] : <req.len> reads bytes as they came, so that it has no value in HTTP mode.",
            result.Locate(Assert.Single(warnings), DiagnosticSeverity.Warning).ToString());
    }

    [Theory]
    [InlineData("frontend", "http-request deny if { path /x } { src 10.0.0.0/8 } { be_conn(b) gt 1 }")]
    [InlineData("listen", "http-request deny if { be_name x }")]
    [InlineData("frontend", "http-response set-header a b if { status 200 } { var(txn.a) -m found }")]
    public void Condition_that_may_hold_is_not_warned_of(string kind, string line)
    {
        var result = Reading.Of($"{kind} f\nmode http\ntimeout client 1s\nbind :80\n{line}\n{(kind == "listen" ? "server s 10.0.0.1:80\n" : "")}backend b\nmode http\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Empty(Proxy.Check(result.Options, out var warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("ul g", null)]
    [InlineData("ul nosuch", "parsing [a.cfg:8] : http_auth_group: unable to find group 'nosuch' in userlist 'ul'.")]
    public void Group_that_nobody_can_be_in_is_refused(string words, string? alert)
    {
        var (list, group) = (words.Split(' ')[0], words.Split(' ')[1]);
        var result = Reading.Of($"userlist ul\ngroup g users u\nuser u insecure-password x\n{Frontend}http-request deny if {{ http_auth_group({list}) {group} }}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(alert, Proxy.Check(result.Options).Select(f => result.Locate(f).ToString()).SingleOrDefault());
    }
}

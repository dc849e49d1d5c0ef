namespace ProxyKit.HAProxyConfig.Tests.Sections;

/// <summary>What is said of lines that cannot be run: HAProxy's words, and the place.</summary>
public sealed class KeywordFaultTests
{
    [Theory]
    [InlineData("global\n node\n", "parsing [a.cfg:2] : 'node' expects <name>.")]
    [InlineData("global\n node a/b\n", "parsing [a.cfg:2] : 'node' expects a name of letters, digits, dots, hyphens and underscores (got 'a/b').")]
    [InlineData("frontend f\n bnd :80\n", "parsing [a.cfg:2] : unknown keyword 'bnd' in 'frontend' section; did you mean 'bind' maybe ?")]
    [InlineData("frontend f\n xyzzy\n", "parsing [a.cfg:2] : unknown keyword 'xyzzy' in 'frontend' section")]
    [InlineData("http-req x\n", "parsing [a.cfg:1] : unknown keyword 'http-req' out of section.")]
    [InlineData("frontent f\n", "parsing [a.cfg:1] : unknown keyword 'frontent' out of section; did you mean 'frontend' maybe ?.")]
    [InlineData("frontend f\n http-req deny\n", "parsing [a.cfg:2] : unknown keyword 'http-req' in 'frontend' section")]
    [InlineData("global\n chrot /x\n", "parsing [a.cfg:2] : unknown keyword 'chrot' in 'global' section; did you mean 'chroot' maybe ?")]
    [InlineData("frontend f\n option httlog\n", "parsing [a.cfg:2] : unknown option 'httlog'; did you mean 'httplog' maybe ?.")]
    [InlineData("frontend f\n option\n", "parsing [a.cfg:2] : unknown option ''.")]
    [InlineData("backend b\n timeout serve 1s\n", "parsing [a.cfg:2] : 'timeout' expects 'check', 'connect', 'http-keep-alive', 'http-request', 'queue', 'server', 'server-fin', 'tarpit', 'tunnel', but got 'serve'; did you mean 'server' maybe ?.")]
    [InlineData("frontend f\n timeout client\n", "parsing [a.cfg:2] : 'timeout client' expects <time>.")]
    [InlineData("frontend f\n timeout client 1s 2s\n", "parsing [a.cfg:2] : 'timeout client' cannot handle unexpected argument '2s'.")]
    [InlineData("backend b\n dynamic-cookie-key my secret\n", "parsing [a.cfg:2] : 'dynamic-cookie-key' cannot handle unexpected arguments; a secret with blanks in it stands in quotes.")]
    [InlineData("global\n setenv KEY my secret\n", "parsing [a.cfg:2] : 'setenv' cannot handle unexpected arguments; a secret with blanks in it stands in quotes.")]
    [InlineData("frontend f\n log\n", "parsing [a.cfg:2] : 'log' expects {global|<target>} [len <n>] [format <f>] [sample <r>:<s>] [profile <p>] [<facility>] [<level> [<level>]].")]
    [InlineData("global\n log stdout\n", "parsing [a.cfg:2] : 'log' expects <target> [len <n>] [format <f>] [sample <r>:<s>] [profile <p>] <facility> [<level> [<level>]].")]
    [InlineData("frontend f\n timeout client 1x\n", "parsing [a.cfg:2] : unexpected character 'x' in 'timeout client'.")]
    [InlineData("frontend f\n maxconn\n", "parsing [a.cfg:2] : 'maxconn' expects <conns>.")]
    [InlineData("frontend f\n maxconn x\n", "parsing [a.cfg:2] : 'maxconn' expects an integer of 0 or more (got 'x').")]
    [InlineData("backend b\n retries 101\n", "parsing [a.cfg:2] : 'retries' expects an integer from 0 to 100 (got '101').")]
    [InlineData("frontend f\n mode htp\n", "parsing [a.cfg:2] : 'mode' only supports 'tcp', 'http' (got 'htp'); did you mean 'http' maybe ?")]
    [InlineData("frontend f\n mode health\n", "parsing [a.cfg:2] : 'mode health' is not supported anymore. Use 'http-request return status 200' instead.")]
    [InlineData("backend b\n http-reuse sometimes\n", "parsing [a.cfg:2] : 'http-reuse' only supports 'never', 'safe', 'aggressive', 'always' (got 'sometimes')")]
    [InlineData("backend b\n balance random(0)\n", "parsing [a.cfg:2] : balance random : number of draws must be at least 1.")]
    [InlineData("backend b\n balance rr\n", "parsing [a.cfg:2] : balance only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hash', 'hdr(name)', 'rdp-cookie(name)', 'log-hash' and 'sticky' options.")]
    [InlineData("frontend f\n option http_proxy\n", "parsing [a.cfg:2] : 'option http_proxy' is not supported yet: it is gone from HAProxy since 2.5.")]
    [InlineData("backend b\n option spop-check x\n", "parsing [a.cfg:2] : 'option spop-check' cannot handle unexpected argument 'x'.")]
    [InlineData("backend b\n stats uri /x\n", "parsing [a.cfg:2] : 'stats uri' is not supported yet.")]
    [InlineData("backend b\n compression algo gzip\n", "parsing [a.cfg:2] : 'compression algo' is not supported yet.")]
    [InlineData("frontend f\n reqadd x\n", "parsing [a.cfg:2] : 'reqadd' is not supported yet: it is gone from HAProxy since 2.1, use 'http-request' and 'http-response'.")]
    [InlineData("backend b\n clitimeout 5000\n", "parsing [a.cfg:2] : 'clitimeout' is not supported yet: it is gone from HAProxy since 2.1, use 'timeout client'.")]
    [InlineData("global\n lua-load x.lua\n", "parsing [a.cfg:2] : 'lua-load' is not supported yet: write fetches, converters and actions in C#.")]
    [InlineData("global\n stats socket /x\n", "parsing [a.cfg:2] : 'stats' is not supported yet: the stats socket and page come with a later version.")]
    [InlineData("global\n ssl-default-bind-options allow-0rtt\n", "parsing [a.cfg:2] : 'allow-0rtt' is not supported yet in 'ssl-default-bind-options'.")]
    [InlineData("global\n ssl-default-bind-options ssl-min-ver TLSv1.0\n", "parsing [a.cfg:2] : 'TLSv1.0' is not supported: it is broken. The oldest version here is 'TLSv1.2'.")]
    [InlineData("defaults\n bind :80\n", "parsing [a.cfg:2] : 'bind' not allowed in 'defaults' section.")]
    [InlineData("defaults\n server a 1.1.1.1:1\n", "parsing [a.cfg:2] : 'server' not allowed in 'defaults' section.")]
    [InlineData("defaults\n use_backend b\n", "parsing [a.cfg:2] : 'use_backend' not allowed in 'defaults' section.")]
    [InlineData("defaults\n acl a src 1.1.1.1\n", "parsing [a.cfg:2] : 'acl' not allowed in anonymous 'defaults' section.")]
    [InlineData("defaults\n http-request deny\n", "parsing [a.cfg:2] : 'http-request' not allowed in anonymous 'defaults' section.")]
    [InlineData("defaults\n tcp-request connection accept\n", "parsing [a.cfg:2] : 'tcp-request connection' not allowed in anonymous 'defaults' section.")]
    [InlineData("defaults\n no maxconn\n", "parsing [a.cfg:2] : negation or default currently supported only for options, log and the like (got 'maxconn').")]
    [InlineData("frontend\n", "parsing [a.cfg:1] : 'frontend' expects an <id> argument.")]
    [InlineData("frontend f g\n", "parsing [a.cfg:1] : 'frontend' cannot handle unexpected argument 'g'.")]
    [InlineData("frontend f from\n", "parsing [a.cfg:1] : 'from' expects the name of a defaults section.")]
    [InlineData("defaults web\nfrontend f from wbe\n", "parsing [a.cfg:2] : defaults section 'wbe' not found for frontend 'f'; did you mean 'web' maybe ?.")]
    [InlineData("frontend a/b\n", "parsing [a.cfg:1] : character '/' is not permitted in 'frontend' name 'a/b'.")]
    [InlineData("frontend a\nbackend a\n", "parsing [a.cfg:2] : backend 'a' has the same name as frontend 'a' declared at a.cfg:1.")]
    [InlineData("backend a\nbackend a\n", "parsing [a.cfg:2] : backend 'a' has the same name as backend 'a' declared at a.cfg:1.")]
    [InlineData("global x\n", "parsing [a.cfg:1] : 'global' cannot handle unexpected argument 'x'.")]
    [InlineData("program p\n command x\n", "parsing [a.cfg:1] : the 'program' section was removed in 3.3.")]
    [InlineData("peers p\n peer a 1.1.1.1:1\n bnid\n", "parsing [a.cfg:3] : unknown keyword 'bnid' in 'peers' section; did you mean 'bind' maybe ?")]
    [InlineData("peers p\n peer a 1.1.1.1:1\n", "parsing [a.cfg:1] : 'peers' sections are not supported yet.")]
    [InlineData("cache\n", "parsing [a.cfg:1]: 'cache' expects <name> as arguments.")]
    [InlineData("cache c\ncache c\n", "parsing [a.cfg:2]: cache 'c' has the same name as another one declared at a.cfg:1.")]
    [InlineData("healthcheck h\n type httpchk\nhealthcheck h\n type tcp-check\n", "parsing [a.cfg:3]: healthcheck 'h' has the same name as another one declared at a.cfg:1.")]
    [InlineData("frontend f\n bind\n", "parsing [a.cfg:2] : 'bind' expects <address>[,...] [<param> ...].")]
    [InlineData("frontend f\n bind :80,:x\n", "parsing [a.cfg:2] : 'bind' : invalid character in port number 'x' in ':x'.")]
    [InlineData("frontend f\n bind :80 nmae x\n", "parsing [a.cfg:2] : 'bind :80' : unknown keyword 'nmae'; did you mean 'name' maybe ?")]
    [InlineData("frontend f\n bind :80 namespace x\n", "parsing [a.cfg:2] : 'namespace' is not supported yet: .NET opens sockets where the process is: run it there, by 'ip netns exec' say.")]
    [InlineData("frontend f\n bind :80 generate-certificates\n", "parsing [a.cfg:2] : 'generate-certificates' is not supported yet: certificates come from files, and are made for nobody.")]
    [InlineData("frontend f\n bind :80 name\n", "parsing [a.cfg:2] : 'name' expects <name>.")]
    [InlineData("frontend f\n bind :443 ssl\n", "parsing [a.cfg:2] : 'bind :443' : 'ssl' expects a certificate: add 'crt <file>'.")]
    [InlineData("frontend f\n bind :443 ssl crt /none.pem\n", "parsing [a.cfg:2] : unable to load SSL certificate from PEM file '/none.pem': there is no such file.")]
    [InlineData("frontend f\n bind :80 proto h2\n", "parsing [a.cfg:2] : 'proto h2' is not supported yet: clients speak HTTP/1.")]
    [InlineData("backend b\n server s\n", "parsing [a.cfg:2] : 'server' expects <name> <address>[:<port>] [<param> ...].")]
    [InlineData("backend b\n server s 10.0.0.1:+x\n", "parsing [a.cfg:2] : 'server s' : invalid port '+x' in '10.0.0.1:+x': ports go from 1 to 65535.")]
    [InlineData("backend b\n server s 10.0.0.1 check\n", "parsing [a.cfg:2] : server s has neither service port nor check port nor tcp_check rule 'connect' with port information. Check has been disabled.")]
    [InlineData("backend b\n server s 10.0.0.1:80 proxy-v2-options crc32c cheque\n", "parsing [a.cfg:2] : 'server s' : unknown keyword 'cheque'")]
    [InlineData("backend b\n server s 10.0.0.1:80 send-proxy-v2 proxy-v2-options crc\n", "parsing [a.cfg:2] : 'proxy-v2-options' : 'crc' is not one of 'ssl', 'cert-cn', 'ssl-cipher', 'cert-sig', 'cert-key', 'authority', 'crc32c', 'unique-id'.")]
    [InlineData("backend b\n server s 10.0.0.1:80 send-proxy-v2 set-proxy-v2-tlv-fmt(0xDF) x\n", "parsing [a.cfg:2] : 'set-proxy-v2-tlv-fmt' expects a type from 0xE0 to 0xEF in brackets (got 'set-proxy-v2-tlv-fmt(0xDF)').")]
    [InlineData("backend b\n http-send-name-header host\n", "parsing [a.cfg:2] : 'http-send-name-header' : 'host' is not a valid header name, as it is used by the protocol itself.")]
    [InlineData("frontend f\n tcp-request connection expect-proxy layer7\n", "parsing [a.cfg:2] : ")]
    [InlineData("backend b\n server s 10.0.0.1:80 chekc\n", "parsing [a.cfg:2] : 'server s' : unknown keyword 'chekc'; did you mean 'check' maybe ?")]
    [InlineData("backend b\n server s 10.0.0.1:80 socks4 10.0.0.2\n", "parsing [a.cfg:2] : 'socks4' : needs an IP address with a port (got '10.0.0.2').")]
    [InlineData("backend b\n server s 10.0.0.1:80 maxconn -5\n", "parsing [a.cfg:2] : 'maxconn' expects an integer of 0 or more (got '-5').")]
    [InlineData("backend b\n server s 10.0.0.1:80 maxqueue\n", "parsing [a.cfg:2] : 'maxqueue' expects <maxqueue>.")]
    [InlineData("backend b\n fullconn x\n", "parsing [a.cfg:2] : 'fullconn' expects an integer of 0 or more (got 'x').")]
    [InlineData("frontend f\n rate-limit sessions x\n", "parsing [a.cfg:2] : 'rate-limit sessions' expects an integer from 0 to 2147483646 (got 'x').")]
    [InlineData("backend b\n server s 10.0.0.1:80 weight 257\n", "parsing [a.cfg:2] : 'weight' expects an integer from 0 to 256 (got '257').")]
    [InlineData("backend b\n server s 10.0.0.1:80 weight\n", "parsing [a.cfg:2] : 'weight' expects <weight>.")]
    [InlineData("backend b\n server s 10.0.0.1:80 init-addr libs\n", "parsing [a.cfg:2] : unknown init-addr method 'libs', supported methods are 'last', 'libc', 'none' and an address.")]
    [InlineData("backend b\n server s 10.0.0.1:80 source 10.0.0.2:1-9\n", "parsing [a.cfg:2] : 'source 10.0.0.2:1-9': a range of ports is not supported yet.")]
    [InlineData("backend b\n server s 10.0.0.1:80 source x\n", "parsing [a.cfg:2] : 'source' : invalid address: 'x'.")]
    [InlineData("backend b\n server a/b 10.0.0.1:80\n", "parsing [a.cfg:2] : character '/' is not permitted in server name 'a/b'.")]
    [InlineData("backend b\n server s 10.0.0.1:80\n server s 10.0.0.2:80\n", "parsing [a.cfg:3] : 'server s' : backend 'b' has a server of this name already, declared at a.cfg:2.")]
    [InlineData("backend b\n server-template s 3-1 h:80\n", "parsing [a.cfg:2] : 'server-template' expects <n> or <a>-<b>, from 1 to 10000 servers (got '3-1').")]
    [InlineData("frontend f\n option forwardfor except x\n", "parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got 'x').")]
    [InlineData("frontend f\n option forwardfor except 10.0.0.0/33\n", "parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got '10.0.0.0/33').")]
    [InlineData("frontend f\n option forwardfor except 10.0.0.0/\n", "parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got '10.0.0.0/').")]
    [InlineData("frontend f\n option forwardfor except 10.0.0.0/255.0.255.0\n", "parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got '10.0.0.0/255.0.255.0').")]
    [InlineData("frontend f\n option forwardfor except 2001:db8::1/ffff::\n", "parsing [a.cfg:2] : 'option forwardfor except' expects an address or a network (got '2001:db8::1/ffff::').")]
    [InlineData("frontend f\n option forwardfor header\n", "parsing [a.cfg:2] : 'option forwardfor header' expects <name> as argument.")]
    [InlineData("backend b\n option originalto if-none\n", "parsing [a.cfg:2] : 'option originalto' only supports 'except' and 'header' (got 'if-none').")]
    [InlineData("backend b\n option forwarded via\n", "parsing [a.cfg:2] : 'option forwarded' only supports 'proto', 'host', 'by', 'by_port', 'for' and 'for_port', and '-expr' behind all but the first (got 'via').")]
    [InlineData("backend b\n stick-table size 1k\n", "parsing [a.cfg:2] : 'stick-table' expects type <type> size <size> [<param> ...].")]
    [InlineData("backend b\n stick-table type ip size 1k store http_req_rate(10s\n", "parsing [a.cfg:2] : 'stick-table' : missing closing parenthesis after store option 'http_req_rate'.")]
    [InlineData("backend b\n cookie X insert domain .a/b.com\n", "parsing [a.cfg:2] : character '/' is not permitted in domain name '.a/b.com'.")]
    [InlineData("backend b\n stick-table type ip size 1k store gcp0\n", "parsing [a.cfg:2] : 'stick-table' : unknown data type 'gcp0'; did you mean 'gpc0' maybe ?.")]
    [InlineData("backend b\n stick-table type ip size 1k store gpc0_rate\n", "parsing [a.cfg:2] : 'stick-table' : missing argument to data type 'gpc0_rate'.")]
    [InlineData("backend b\n stick-table type ipx size 1k\n", "parsing [a.cfg:2] : 'stick-table' : unknown type 'ipx'; did you mean 'ip' maybe ?.")]
    [InlineData("backend b\n stick-table type ip size 1k peers p\n", "parsing [a.cfg:2] : 'stick-table ... peers' is not supported yet.")]
    [InlineData("backend b\n server s 10.0.0.1:443 ssl verify none verifyhost \"\"\n", "parsing [a.cfg:2] : 'verifyhost' expects <name>.")]
    [InlineData("backend b\n server s 10.0.0.1:443 ssl verify none alpn \"\"\n", "parsing [a.cfg:2] : 'alpn' expects <protocols>.")]
    [InlineData("backend b\n server s 10.0.0.1:443 ssl verify none crt \"$UNSET\"\n", "parsing [a.cfg:2] : 'crt' expects <cert>.")]
    [InlineData("backend b\n server s 10.0.0.1:443 check check-sni \"\"\n", "parsing [a.cfg:2] : 'check-sni' expects <sni>.")]
    [InlineData("backend b\n server s 10.0.0.1:80 cookie \"\"\n", "parsing [a.cfg:2] : 'cookie' expects <value>.")]
    [InlineData("backend b\n server s 10.0.0.1:80 redir \"\"\n", "parsing [a.cfg:2] : 'redir' expects <prefix>.")]
    [InlineData("frontend f\n bind :443 ssl crt /dev/null alpn \"\"\n", "parsing [a.cfg:2] : 'alpn' expects <protocols>.")]
    [InlineData("frontend f\n bind :80 name \"\"\n", "parsing [a.cfg:2] : 'name' expects <name>.")]
    [InlineData("frontend f\n http-request foo\n", "parsing [a.cfg:2] : 'http-request' expects ")]
    [InlineData("frontend f\n http-request lua.x\n", "parsing [a.cfg:2] : 'http-request lua.' is not supported yet.")]
    [InlineData("frontend f\n http-request allow now\n", "parsing [a.cfg:2] : 'http-request allow' expects either 'if' or 'unless' followed by a condition but found 'now'.")]
    [InlineData("frontend f\n http-request allow if NOPE\n", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'if' condition : no such ACL : 'NOPE'")]
    [InlineData("frontend f\n http-request allow if\n", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'if' condition : a condition is missing.")]
    [InlineData("frontend f\n http-request allow if { path /x}\n", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'if' condition : missing closing '}' in condition.")]
    [InlineData("global\n tune.stick-counters 5\nfrontend f\n http-request track-sc5 src\n", "parsing [a.cfg:4] : error detected in frontend 'f' while parsing 'http-request track-sc' rule : 5 track-sc number exceeding 4 (tune.stick-counters-1) value.")]
    [InlineData("global\n tune.stick-counters 13\n", "parsing [a.cfg:2] : 'tune.stick-counters' expects an integer from 0 to 12 (got '13').")]
    [InlineData("frontend f\n http-request track-sc9 src\n", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'http-request track-sc' rule : 9 track-sc number exceeding 2 (tune.stick-counters-1) value.")]
    [InlineData("frontend f\n acl or src 1.1.1.1\n", "parsing [a.cfg:2] : acl name 'or' will never match. 'or' is used to express a condition.")]
    [InlineData("frontend f\n acl a/b src 1.1.1.1\n", "parsing [a.cfg:2] : character '/' is not permitted in acl name 'a/b'.")]
    public void Line_that_cannot_be_run_is_told(string text, string message)
    {
        var result = Reading.Of(text);

        Assert.Null(result.Options);
        Assert.Contains(result.Alerts(), alert => alert.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("frontend f\n  timeout client 1s junk\n", 2, 21)]
    [InlineData("frontend f\n bind :80,:81,x\n", 2, 15)]
    [InlineData("backend b\n server s 1.1.1.1:1 weight 9 wieght 3\n", 2, 30)]
    [InlineData("frontend f\n\n\n bnd :80\n", 4, 2)]
    [InlineData("frontend f\n http-request allow if { always_true } nope\n", 2, 40)]
    [InlineData("frontend f\n bind \"x\n", 2, 7)]
    public void Word_is_pointed_at(string text, int line, int column)
    {
        var diagnostic = Reading.Of(text).Diagnostics[0];

        Assert.Equal(("a.cfg", line, column), (diagnostic.File, diagnostic.Line, diagnostic.Column));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var result = Reading.Of("global\n nope\nfrontend f\n bind :x\n option nope\n timeout client 1x\nbackend b\n server s\n balance nope\n");

        Assert.Equal([2, 4, 5, 6, 8, 9], result.Diagnostics.Where(static d => d.Severity == HAProxyConfig.Diagnostics.DiagnosticSeverity.Alert).Select(static d => d.Line));
    }

    [Fact]
    public void Keyword_of_the_other_side_is_ignored_with_a_warning()
    {
        var result = Reading.Of("frontend f\nbind :80\ntimeout client 1s\nbalance roundrobin\noption redispatch\nbackend b\nbind :81\nmaxconn 5\n");

        Assert.Equal(
            [
                "parsing [a.cfg:4] : 'balance' ignored because frontend 'f' has no backend capability.",
                "parsing [a.cfg:5] : 'option redispatch' ignored because frontend 'f' has no backend capability.",
                "parsing [a.cfg:7] : 'bind' ignored because backend 'b' has no frontend capability.",
                "parsing [a.cfg:8] : 'maxconn' ignored because backend 'b' has no frontend capability.",
            ],
            result.Warnings());
    }

    [Theory]
    [InlineData("frontend f", "server s 1.2.3.4:80", "server", "frontend 'f' has no backend")]
    [InlineData("frontend f", "default-server check", "default-server", "frontend 'f' has no backend")]
    [InlineData("frontend f", "tcp-response content reject", "tcp-response content", "frontend 'f' has no backend")]
    [InlineData("backend b", "tcp-request connection reject", "tcp-request connection", "backend 'b' has no frontend")]
    [InlineData("backend b", "tcp-request session reject", "tcp-request session", "backend 'b' has no frontend")]
    public void Keyword_of_the_other_side_that_somebody_counts_on_is_refused(string section, string line, string keyword, string why) =>
        Assert.Equal($"parsing [a.cfg:2] : '{keyword}' not allowed because {why} capability.", Reading.Alert($"{section}\n{line}\n"));

    [Fact]
    public void No_log_in_global_forgets_the_targets_before_it()
    {
        var options = Reading.Of("global\nlog a local0\nno log\nfrontend f\nbind :80\ntimeout client 1s\nlog global\n").GetOptionsOrThrow();

        Assert.False(options.Frontends[0].AccessLog);
        Assert.Equal("parsing [a.cfg:2] : log : 'no log' does not expect arguments.", Reading.Alert("global\nno log x\n"));
        Assert.Equal("parsing [a.cfg:2] : log : 'no log' does not expect arguments.", Reading.Alert("frontend f\nno log x\n"));
    }

    [Theory]
    [InlineData("gpc(2),gpc1", "gpc")]
    [InlineData("gpt0,gpt(1)", "gpt")]
    [InlineData("gpc_rate(2,1s) store gpc0_rate(1s)", "gpc_rate")]
    [InlineData("gpc(2),gpc0_rate(1s)", null)]
    public void Array_stores_no_elements_of_its_own_besides(string store, string? array)
    {
        var result = Reading.Of($"frontend f\nbind :80\ntimeout client 1s\nstick-table type ip size 10 store {store}\n");

        Assert.Equal(array is null, result.IsValid);
        Assert.Equal(array is not null, result.ToString()!.Contains($"simultaneous usage of '{array}' and", StringComparison.Ordinal));
    }

    [Fact]
    public void Keyword_that_means_nothing_here_is_told_once()
    {
        var result = Reading.Of("global\nchroot /x\nnbthread 4\nnbthread 8\ntune.bufsize 16384\nfrontend f\nbind :80\ntimeout client 1s\n");

        Assert.True(result.IsValid);
        Assert.Equal(
            [
                "parsing [a.cfg:2] : 'chroot' has no effect here: the program that ProxyKit runs in sees to it.",
                "parsing [a.cfg:3] : 'nbthread' has no effect here: the .NET thread pool shares out the processors.",
                "parsing [a.cfg:5] : 'tune.bufsize' has no effect here: it tunes the insides of HAProxy.",
            ],
            result.Notices());
    }

    [Fact]
    public void Log_lines_are_told_once_what_they_do_here()
    {
        var result = Reading.Of(
            "defaults\nlog global\noption tcplog\nfrontend f\nno log\nbind :80\ntimeout client 1s\nlog 127.0.0.1 local0\nglobal\nlog /dev/log local0\n");

        Assert.Equal(
            [
                "parsing [a.cfg:2] : 'log' works otherwise here: it has access lines written, not to its target, but to the output of proxykit, "
                + "or to the logger category ProxyKit.Access in a program of one's own.",
            ],
            result.Notices());
        Assert.Empty(Reading.Of("frontend f\nno log\nbind :80\ntimeout client 1s\n").Notices());
    }

    [Theory]
    [InlineData("abortonclose")]
    [InlineData("clitcpka")]
    [InlineData("http-ignore-probes")]
    [InlineData("http-keep-alive")]
    [InlineData("log-health-checks")]
    [InlineData("redispatch")]
    public void What_is_not_there_may_be_switched_off(string option)
    {
        Assert.True(Reading.Of($"frontend f\nbind :80\ntimeout client 1s\ndefaults\nno option {option}\n").IsValid);
    }

    [Theory]
    [InlineData("external-check")]
    [InlineData("forwarded")]
    [InlineData("forwardfor")]
    [InlineData("http-restrict-req-hdr-names")]
    [InlineData("httpchk")]
    [InlineData("httplog")]
    [InlineData("httpslog")]
    [InlineData("ldap-check")]
    [InlineData("mysql-check")]
    [InlineData("originalto")]
    [InlineData("pgsql-check")]
    [InlineData("redis-check")]
    [InlineData("smtpchk")]
    [InlineData("spop-check")]
    [InlineData("ssl-hello-chk")]
    [InlineData("tcp-check")]
    [InlineData("tcpka")]
    [InlineData("tcplog")]
    public void Option_that_is_no_switch_is_not_switched_off(string option) => Assert.Equal(
        $"parsing [a.cfg:2] : negation/default is not supported for option '{option}'.", Reading.Alert($"defaults\nno option {option}\nfrontend f\nbind :80\ntimeout client 1s\n"));
}

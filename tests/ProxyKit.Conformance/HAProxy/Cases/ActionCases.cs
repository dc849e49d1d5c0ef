namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>What actions do to requests and responses.</summary>
internal static class ActionCases
{
    private static readonly string[] RequestActions =
    [
        "set-header X-New value", "set-header X \"%[path]-%[req.hdr(x)]\"", "add-header X more", "del-header X", "del-header X- -m beg",
        "del-header n -m end", "del-header ^x -m reg", "set-header X-Miss \"%[req.hdr(none)]\"", "replace-header X a(.*) z\\1",
        "replace-header X-M ^v z", "replace-value X ^(a|b)$ <\\1>", "set-header Host other.example", "set-path /new", "set-path /p%[path]",
        "set-pathq /only", "set-pathq /with?q=2", "set-query a=9", "set-uri /x/y?z=1", "set-method PUT",
        "replace-path /b/(.*) /\\1", "replace-path (.*) /pre\\1", "replace-pathq (.*) /api\\1", "replace-uri ^/b(.*) /u\\1", "set-header X-Src %[src]",
        "set-header X-Esc \"%[str(a b)]%%\"", "set-header x-fe %f", "set-header x-ci %ci", "set-header X-Two \"%[method] %[req.ver]\"",
        "set-var(txn.v) path,upper", "unset-var(txn.none)", "deny", "deny deny_status 404", "deny status 418", "deny deny_status 500",
        "return", "return status 204", "return status 404 content-type text/plain string gone", "return status 200 content-type text/html lf-string <%[path]>",
        "return status 299 hdr X-A 1 hdr X-B %[path]", "return status 503 content-type text/plain string busy hdr Retry-After 5",
        "return status 200 content-type \"text/plain\" file {dir}/page.txt", "return status 404 default-errorfiles", "return status 200 errorfile {dir}/page.http",
        "redirect location /there", "redirect location /there code 301", "redirect location http://x%[path] code 303", "redirect prefix http://pre",
        "redirect prefix /pre drop-query", "redirect prefix / drop-query append-slash code 301", "redirect scheme https", "redirect scheme https code 308",
        "redirect location /l code 307 set-cookie S=1", "redirect location /l clear-cookie S=", "redirect location %[req.hdr(none)] ignore-empty",
        "auth", "auth realm here", "allow", "reject", "set-log-level silent", "tarpit deny_status 429", "tarpit",
    ];

    private static readonly string[] ResponseActions =
    [
        "set-header X-New value", "add-header X-S more", "del-header X-S", "replace-header X-S (.*) <\\1>", "replace-value X-S b [b]", "set-status 404",
        "set-status 599 reason \"Own words\"", "deny", "deny deny_status 404", "return status 200 content-type text/plain string other",
        "redirect location /elsewhere", "set-header X-St %[status]", "set-header X-Len \"%[res.hdr(content-length)]\"", "set-var(txn.r) status",
        "set-header X-Hdr %[hdr(x-s)]", "set-header X-Cook %[res.cook(a)]", "allow", "set-header X-Be %[be_name]/%[srv_name]",
    ];

    public static IEnumerable<HAProxyCase> All =>
    [
        .. RequestActions.Select(static action => Request(HAProxyCase.InFrontend(
            $"http-request {action}", $"http-request {action}", "http-request add-header X-After 1"))),
        .. RequestActions.Where(static a => !a.Contains("deny_status 429", StringComparison.Ordinal)).Select(static action => Request(HAProxyCase.InBackend(
            $"backend http-request {action} if", $"http-request {action} if {{ path_beg /b }}"))),
        .. ResponseActions.Select(static action => Response(HAProxyCase.InFrontend($"http-response {action}", $"http-response {action}"))),
        .. ResponseActions.Select(static action => Response(HAProxyCase.InBackend(
            $"backend http-response {action}", $"http-response {action}", "http-response add-header X-After 1"))),
    ];

    private static HAProxyCase Request(HAProxyCase @case) => @case
        .File("page.txt", "a page\n")
        .File("page.http", "HTTP/1.1 202 Fine\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX-Own: 1\r\n\r\nown\n")
        .Request("GET /b/c?q=1 HTTP/1.1", "Host: h.example", "X: a", "X: b, c", "X-M: value", "Xn: 1");

    private static HAProxyCase Response(HAProxyCase @case) => @case
        .Answering("HTTP/1.1 200 OK", "Content-Length: 2", "X-S: a, b", "Set-Cookie: a=1; Path=/", "", "ok")
        .Get("/b/c?q=1");
}

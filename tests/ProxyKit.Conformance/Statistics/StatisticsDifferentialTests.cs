using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Conformance.Clients;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Statistics;

/// <summary>The counters of ProxyKit, read in C#, and those of Debian's HAProxy, read from its socket, after the same traffic.</summary>
public sealed class StatisticsDifferentialTests
{
    private const string Dead = "frontend f\n    bind 127.0.0.1:{port}\n    default_backend b\nbackend b\n    retries 1\n    server s1 {dead}\n";

    /// <summary>What is compared, in the order of HAProxy's columns.</summary>
    private static readonly string[] Columns =
    [
        "qmax", "stot", "dreq", "dresp", "ereq", "econ", "eresp", "wretr", "wredis", "chkdown", "lbtot", "hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx",
        "hrsp_other", "req_tot", "cli_abrt", "srv_abrt", "conn_tot", "intercepted", "dcon", "dses", "wrew", "connect", "reuse", "eint",
    ];

    public static TheoryData<HAProxyCase> Cases =>
    [
        HAProxyCase.InFrontend("requests").Get("/").Get("/").Expect("f/FRONTEND stot=2", "req_tot=2"),
        HAProxyCase.InFrontend("requests on one connection").Get("/").Then("/").Then("/").Expect("f/FRONTEND stot=1", "reuse=2"),
        HAProxyCase.InFrontend("refused by the frontend", "http-request deny if { path /no }").Get("/no").Get("/").Expect("dreq=1", "hrsp_4xx=1"),
        HAProxyCase.InFrontend("closed by the frontend", "http-request reject").Get("/").Expect("dreq=1", "hrsp_other=1"),
        HAProxyCase.InFrontend("answered by the frontend", "http-request return status 200 if { path /r }", "http-request redirect location / if { path /x }").Get("/r").Get("/x")
            .Expect("intercepted=2"),
        HAProxyCase.InFrontend("asked for a password", "http-request auth").Get("/").Expect("intercepted=1"),
        HAProxyCase.InFrontend("refused as a connection", "tcp-request session reject").Get("/").Expect("dses=1"),
        HAProxyCase.InBackend("refused by the backend", "http-request deny").Get("/").Expect("b/BACKEND stot=1 dreq=1"),
        HAProxyCase.InBackend("answered by the backend", "http-request return status 200").Get("/").Expect("b/BACKEND stot=1 hrsp_2xx=1"),
        HAProxyCase.InBackend("response refused", "http-response deny").Get("/").Expect("b/s1 stot=1 dresp=1"),
        HAProxyCase.InFrontend("classes").AnsweringTo("/404", "HTTP/1.1 404 X", "Content-Length: 0", "", "").AnsweringTo("/700", "HTTP/1.1 700 X", "Content-Length: 0", "", "")
            .Get("/404").Get("/700").Get("/").Expect("hrsp_2xx=1", "hrsp_4xx=1", "hrsp_other=1"),
        HAProxyCase.Of("a server that cannot be reached", Dead).Get("/").Expect("b/s1 stot=2 econ=1 wretr=1"),
        HAProxyCase.Of("another server", Dead.Replace("retries 1", "retries 1\n    option redispatch 1\n    balance roundrobin", StringComparison.Ordinal) + "    server s2 {s2}\n")
            .Get("/").Expect("b/s1 stot=1 wredis=1", "lbtot=2"),
        HAProxyCase.Of("no server", "frontend f\n    bind 127.0.0.1:{port}\n    default_backend b\nbackend b\n").Get("/").Expect("b/BACKEND stot=1 econ=1"),
        HAProxyCase.InFrontend("a server that closes").Serving("s1", "").Get("/").Expect("eresp=1"),
        HAProxyCase.InFrontend("a server that says nonsense").Serving("s1", "SSH-2.0-none\r\n\r\n").Get("/").Expect("eresp=1"),
        HAProxyCase.InFrontend("no request").Raw("GE T / HTTP/1.1\r\n\r\n").Expect("f/FRONTEND stot=1 ereq=1"),
        HAProxyCase.InBackend("a client that is bound", "cookie SRV insert", "default-server cookie one").Get("/", "Cookie: SRV=one").Get("/").Expect("lbtot=1"),
        HAProxyCase.InBackend("a queue", "default-server maxconn 1").Begin("/hold").Begin("/1").Begin("/2").Free().Collect().Expect("qmax=2", "lbtot=1"),
    ];

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task Counters_are_those_of_HAProxy(HAProxyCase @case)
    {
        ArgumentNullException.ThrowIfNull(@case);
        var (ours, theirs) = ("", "");
        await CaseRun.OnAsync(@case, async (config, port) =>
        {
            var proxy = (Proxy)await HAProxyFileProxy.StartAsync(config, port);
            return new ReadAtItsEnd(proxy, async () => ours = await OursAsync(proxy));
        });
        Assert.All(@case.Expected, fragment => Assert.Contains(fragment, ours, StringComparison.Ordinal));

        var haproxy = OutsideProgram.Find("haproxy");
        var socket = Path.Combine(Path.GetTempPath(), $"proxykit-{Guid.NewGuid():N}.sock");
        await CaseRun.OnAsync(@case, async (config, port) =>
        {
            var process = await HAProxyProcess.StartAsync(haproxy, $"global\n    stats socket {socket} level admin\n{config}", port);
            await SettledAsync(() => RowsAsync(socket), ["conn_tot=1"]); // who asked whether it listens
            await AskAsync(socket, "clear counters all");
            return new ReadAtItsEnd(process, async () => theirs = await SettledAsync(() => RowsAsync(socket), @case.Expected));
        });

        Assert.Equal(theirs, ours);
    }

    private static async Task<string> OursAsync(Proxy proxy)
    {
        return await SettledAsync(() => Task.FromResult((proxy.Connections == 0, Text())), []);

        string Text()
        {
            var (text, read) = (new StringBuilder(), proxy.GetStatistics());
            foreach (var f in read.Frontends)
            {
                Row(text, f.Name, "FRONTEND", [
                    ("stot", f.Sessions), ("dreq", f.DeniedRequests), ("dresp", f.DeniedResponses), ("ereq", f.RequestErrors), .. Classes(f.Responses),
                    ("req_tot", f.Requests), ("conn_tot", f.Connections), ("intercepted", f.Intercepted), ("dcon", f.DeniedConnections), ("dses", f.DeniedSessions),
                    ("wrew", f.FailedRewrites), ("eint", f.InternalErrors)]);
            }

            foreach (var b in read.Backends)
            {
                foreach (var s in read.Servers.Where(s => s.Backend == b.Name))
                {
                    Row(text, s.Backend, s.Name, [
                        ("qmax", s.MaxQueued), ("stot", s.Sessions), ("dresp", s.DeniedResponses), ("econ", s.ConnectionErrors), ("eresp", s.ResponseErrors),
                        ("wretr", s.Retries), ("wredis", s.Redispatches), ("lbtot", s.Selections), .. Classes(s.Responses), ("req_tot", s.Requests),
                        ("cli_abrt", s.ClientAborts), ("srv_abrt", s.ServerAborts), ("connect", s.Connects), ("reuse", s.Reuses), ("wrew", s.FailedRewrites),
                        ("eint", s.InternalErrors)]);
                }

                Row(text, b.Name, "BACKEND", [
                    ("qmax", b.MaxQueued), ("stot", b.Sessions), ("dreq", b.DeniedRequests), ("dresp", b.DeniedResponses), ("econ", b.ConnectionErrors),
                    ("eresp", b.ResponseErrors), ("wretr", b.Retries), ("wredis", b.Redispatches), ("chkdown", b.Downs), ("lbtot", b.Selections),
                    .. Classes(b.Responses), ("req_tot", b.Requests), ("cli_abrt", b.ClientAborts), ("srv_abrt", b.ServerAborts), ("connect", b.Connects),
                    ("reuse", b.Reuses), ("wrew", b.FailedRewrites), ("eint", b.InternalErrors)]);
            }

            return text.ToString();
        }
    }

    private static IEnumerable<(string, long)> Classes(ProxyKit.Statistics.ResponseCounts counts) =>
    [
        ("hrsp_1xx", counts.Informational), ("hrsp_2xx", counts.Successful), ("hrsp_3xx", counts.Redirections), ("hrsp_4xx", counts.ClientErrors),
        ("hrsp_5xx", counts.ServerErrors), ("hrsp_other", counts.Other),
    ];

    /// <summary>The counters that are not 0, in the order of HAProxy's columns.</summary>
    private static void Row(StringBuilder text, string proxy, string name, IEnumerable<(string Name, long Value)> counts) => text.Append(
        CultureInfo.InvariantCulture,
        $"{proxy}/{name}{string.Concat(counts.Where(static c => c.Value != 0).OrderBy(static c => Array.IndexOf(Columns, c.Name)).Select(static c => $" {c.Name}={c.Value}"))}\n");

    private static async Task<(bool IsQuiet, string Text)> RowsAsync(string socket)
    {
        var lines = (await AskAsync(socket, "show stat")).Trim().Split('\n');
        var header = lines[0].TrimStart('#', ' ').Split(',');
        var (text, isQuiet) = (new StringBuilder(), true);
        foreach (var line in lines[1..])
        {
            var cells = line.Split(',');
            isQuiet &= Cell("scur") == 0;
            Row(text, cells[0], cells[1], Columns.Select(column => (column, Cell(column))));

            long Cell(string column) => long.TryParse(cells[Array.IndexOf(header, column)], CultureInfo.InvariantCulture, out var value) ? value : 0;
        }

        return (isQuiet, text.ToString());
    }

    /// <summary>What is read once nobody is there any more, and what is waited for has been counted.</summary>
    private static async Task<string> SettledAsync(Func<Task<(bool IsQuiet, string Text)>> read, IReadOnlyList<string> expected)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var (isQuiet, text) = await read();
            if ((isQuiet && expected.All(fragment => text.Contains(fragment, StringComparison.Ordinal))) || patience.IsCancellationRequested)
            {
                return text;
            }

            await Task.Delay(10); // another process tells by nothing else that it has counted
        }
    }

    private static async Task<string> AskAsync(string path, string command)
    {
        using var socket = await ConnectAsync(path);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Connects to the socket, which is there a moment later than the port that clients use.</summary>
    private static async Task<Socket> ConnectAsync(string path)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience.Token);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(10, patience.Token); // another process tells by nothing else that it listens
            }
        }
    }

    /// <summary>A proxy whose counters are read before it goes.</summary>
    private sealed class ReadAtItsEnd(IAsyncDisposable proxy, Func<Task> read) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await read();
            await proxy.DisposeAsync();
        }
    }
}

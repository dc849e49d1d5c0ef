using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ProxyKit.Conformance.HAProxy.Health;

/// <summary>One run of a health case on a proxy.</summary>
internal sealed partial class HealthRun : IAsyncDisposable
{
    private readonly HealthCase _case;
    private readonly Dictionary<string, ScriptedServer> _servers = [];
    private readonly List<string> _lines = []; // guarded by itself
    private readonly SemaphoreSlim _logged = new(0);
    private readonly int _port = FreePorts.Next();
    private readonly Dictionary<string, string> _names = [];

    private HealthRun(HealthCase @case)
    {
        _case = @case;
        foreach (var (name, script) in @case.Scripts)
        {
            var server = _servers[name] = new ScriptedServer(script);
            _names[$"{{{name}}}"] = $"127.0.0.1:{server.Port}";
            _names[$"{{{name}p}}"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        _names["{dead}"] = "127.0.0.1:1";
        _names["{port}"] = _port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string Config
    {
        get
        {
            var config = $$"""
                global
                    maxconn 100
                defaults
                    mode http
                    timeout connect 2s
                    timeout client 2s
                    timeout server 2s
                    {{(_case.IsLimitedByInterval ? "" : "timeout check 3s")}}
                frontend f
                    bind 127.0.0.1:{port}
                    default_backend b
                backend b
                {{string.Concat(_case.Lines.Select(static l => $"    {l}\n"))}}
                """;
            return _names.Aggregate(config, static (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));
        }
    }

    public static async Task<string> OnProxyKitAsync(HealthCase @case)
    {
        await using var run = new HealthRun(@case);
        using var log = new LineLogger(run.Note);
        var read = HAProxyConfiguration.Parse(run.Config);
        await using var proxy = Proxy.Create(
            read.Options ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics)), new ProxyEnvironment { LoggerFactory = log });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return await run.PlayAsync();
    }

    public static async Task<string> OnHAProxyAsync(HealthCase @case, string program)
    {
        await using var run = new HealthRun(@case);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, run.Config);
        using var process = new Process { StartInfo = new ProcessStartInfo(program, ["-db", "-f", file]) { RedirectStandardError = true } };
        process.ErrorDataReceived += (_, line) => run.Note(line.Data ?? "");
        process.Start();
        process.BeginErrorReadLine();
        try
        {
            return await run.PlayAsync();
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _logged.Dispose();
    }

    /// <summary>Takes a line of the log that is about servers.</summary>
    private void Note(string line)
    {
        line = Prefix().Replace(line, "");
        if (!About().IsMatch(line))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(Sessions().Replace(Duration().Replace(line, "check duration: Nms"), "N sessions active"));
            _logged.Release();
        }
    }

    private async Task<string> PlayAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var awaited = 0;
        for (; awaited < _case.LinesBeforeRequests; awaited++)
        {
            await _logged.WaitAsync(patience.Token);
        }

        for (var i = 0; i < _case.Requests; i++)
        {
            await AskAsync(patience.Token);
        }

        for (; awaited < _case.Logged; awaited++)
        {
            try
            {
                await _logged.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                break; // the transcript shows what is missing
            }
        }

        if (_case.Hearing is { } hearing)
        {
            await _servers[hearing].Heard.WaitAsync(patience.Token);
        }

        var text = new StringBuilder();
        lock (_lines)
        {
            foreach (var line in _lines.Take(_case.Logged))
            {
                text.Append(line).Append('\n');
            }
        }

        foreach (var (name, server) in _servers)
        {
            text.Append(name).Append(" received ").Append(Show(server.Received)).Append('\n');
        }

        return _names.OrderByDescending(static n => n.Value.Length)
            .Aggregate(text.ToString(), static (t, name) => t.Replace(name.Value, name.Key, StringComparison.Ordinal));
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), cancellationToken);
                await client.SendAsync("GET /live HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
                var buffer = new byte[4096];
                while (await client.ReceiveAsync(buffer, cancellationToken) > 0)
                {
                    // to the end of the response
                }

                return;
            }
            catch (SocketException)
            {
                await Task.Delay(10, cancellationToken); // another process tells by nothing else that it listens
            }
        }
    }

    /// <summary>What cannot be seen, what is random in a greeting of TLS, and what clients asked, is left out.</summary>
    private static string Show(string received) => received.StartsWith('\u0016') ? "a TLS greeting"
        : received.StartsWith("GET /live", StringComparison.Ordinal) ? "a client's request"
        : string.Concat(received.Select(static c => c is >= ' ' and <= '~' ? c.ToString() : $"\\x{(int)c:x2}"));

    [GeneratedRegex(@"^\[\w+\]\s+\(\d+\) : ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^(Backup )?Server |^(Health|Agent) check |^backend '")]
    private static partial Regex About();

    [GeneratedRegex(@"\d+ sessions active")] // one proxy counts the request that told it, the other does not any more
    private static partial Regex Sessions();

    [GeneratedRegex(@"check duration: \d+ms")]
    private static partial Regex Duration();
}

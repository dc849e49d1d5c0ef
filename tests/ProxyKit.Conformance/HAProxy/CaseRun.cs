using System.Net.Sockets;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>One run of a case: servers, files, a proxy in front of them, and the clients one after the other.</summary>
internal sealed class CaseRun : IAsyncDisposable
{
    private const int Servers = 4;

    private readonly HAProxyCase _case;
    private readonly List<WireOrigin> _origins = [];
    private readonly CrowdSteps _crowd = new();
    private readonly Dictionary<string, string> _names = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("proxykit-case-");

    private WireNameserver? _nameserver; // where the case has names

    private CaseRun(HAProxyCase @case) => _case = @case;

    /// <summary>Runs a case on a proxy.</summary>
    /// <param name="case">The case.</param>
    /// <param name="start">Starts the proxy with a configuration; it listens once that has returned.</param>
    /// <returns>What happened.</returns>
    public static async Task<string> OnAsync(HAProxyCase @case, Func<string, int, Task<IAsyncDisposable>> start)
    {
        await using var run = new CaseRun(@case);
        var port = FreePorts.Next();
        var config = run.Prepare(port);
        await using var proxy = await start(config, port);
        var transcript = await run.PlayAsync(port);
        return CookieDates.Hide(transcript.ToString(run._names));
    }

    public async ValueTask DisposeAsync()
    {
        await _crowd.DisposeAsync();
        await (_nameserver?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var origin in _origins)
        {
            await origin.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private string Prepare(int port)
    {
        for (var i = 1; i <= Servers; i++)
        {
            var name = $"s{i}";
            var answer = _case.Answer ?? $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{name}";
            var script = _case.Scripts.TryGetValue(name, out var answers) ? new ServerScript(answers) : null;
            var origin = WireOrigin.Start(async exchange =>
            {
                await _crowd.HoldAsync(exchange);
                await (script?.AnswerAsync(exchange)
                    ?? exchange.AnswerAsync((_case.Answers.GetValueOrDefault(exchange.Request.Target) ?? answer).Split("\r\n")));
            });
            _origins.Add(origin);
            _names[$"{{{name}}}"] = origin.Address;
        }

        _names["{port}"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _names["{dead}"] = $"127.0.0.1:{FreePorts.Next()}";
        _names["{dir}"] = _directory.FullName;
        foreach (var (name, content) in _case.Files)
        {
            File.WriteAllText(Path.Combine(_directory.FullName, name), content);
        }

        if (_case.Addresses.Count > 0)
        {
            _nameserver = WireNameserver.Start();
            _names["{dns}"] = _nameserver.Address;
            foreach (var (name, addresses) in _case.Addresses)
            {
                _nameserver.Set(name, addresses);
            }
        }

        const string Defaults = """
            global
                maxconn 200
            defaults
                mode http
                timeout connect 2s
                timeout client 5s
                timeout server 5s

            """;
        var withPorts = _origins.Index().Aggregate(Defaults + _case.Config, static (config, origin) =>
            config.Replace($"{{p{origin.Index + 1}}}", $"{origin.Item.Port}", StringComparison.Ordinal));
        return _names.Aggregate(withPorts, static (config, name) => config.Replace(name.Key, name.Value, StringComparison.Ordinal));
    }

    private async Task<Transcript> PlayAsync(int port)
    {
        var transcript = new Transcript();
        WireClient? client = null;
        var number = 0;
        try
        {
            foreach (var step in _case.Steps)
            {
                number++;
                try
                {
                    if (await _crowd.TryRunAsync(step, number, port, transcript))
                    {
                        continue;
                    }

                    // Whoever has answered finishes: HAProxy gives a slot back a moment behind the answer's last byte.
                    Stillness.Wait(Stillness.Moment);
                    if (client is null || !step.SameConnection)
                    {
                        await (client?.DisposeAsync() ?? ValueTask.CompletedTask);
                        client = null;
                        client = await WireClient.ConnectAsync(port);
                    }

                    await client.SendRawAsync(CookieDates.Fill(step.Text));
                    transcript.Response(number, await client.ReadResponseAsync(step.Method));
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    transcript.Response(number, null);
                }
            }
        }
        finally
        {
            await (client?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await _crowd.CollectAsync(transcript);
        foreach (var (index, origin) in _origins.Index())
        {
            foreach (var request in origin.Requests)
            {
                transcript.Request($"s{index + 1}", request);
            }
        }

        return transcript;
    }
}

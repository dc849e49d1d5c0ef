using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>The server behind every proxy: nginx with one worker on the load's core, which answers from memory.</summary>
internal sealed class Origin : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Origin(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts an origin that answers <c>/100</c>, <c>/10240</c> and <c>/1048576</c> with so many bytes.</summary>
    public static async Task<Origin> StartAsync(string directory, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        Directory.CreateDirectory(directory);
        await WriteFileAsync(directory, 10 * 1024, cancellation);
        await WriteFileAsync(directory, 1024 * 1024, cancellation);
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configure(directory, port), cancellation);

        var command = new LaunchCommand(NginxUnderTest.Program, ["-p", directory, "-e", "stderr", "-c", configuration]);
        return new Origin(ChildProcess.Start(Cores.Pin(Cores.Load, command)), port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Task WriteFileAsync(string directory, int length, CancellationToken cancellation) =>
        File.WriteAllTextAsync(Path.Combine(directory, $"{length}"), new string('x', length), cancellation);

    private static string Configure(string directory, int port) =>
        $$"""
        {{NginxUnderTest.CommonDirectives(directory)}}
        http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            open_file_cache max=16 inactive=1h;
            open_file_cache_valid 1h;
            keepalive_timeout 1h;
            keepalive_requests 1000000000;
            default_type text/plain;
            client_body_temp_path {{directory}}/body;
            proxy_temp_path {{directory}}/proxy;
            fastcgi_temp_path {{directory}}/fastcgi;
            uwsgi_temp_path {{directory}}/uwsgi;
            scgi_temp_path {{directory}}/scgi;
            server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location / { root {{directory}}; }
                location = /100 { return 200 "{{new string('x', 100)}}"; }
            }
        }

        """;
}

using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>nginx as the distribution ships it; in TCP mode only where its stream module is installed.</summary>
internal sealed class NginxUnderTest : IProxyUnderTest
{
    public const string Program = "/usr/sbin/nginx";
    private const string StreamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

    public string Name => "nginx";

    public string Configuration =>
        "one worker, 256 idle origin connections kept, HTTP/1.1 to the origin, no access log, no temporary files; "
        + "without resumption: `ssl_session_tickets off`, `ssl_session_cache off`";

    public bool IsManaged => false;

    public bool CanRun(ProxyShape shape) =>
        shape is { HostRoutes: 0, Backends: 1, Rules: null } && File.Exists(shape.Protocol is ProxyProtocol.Tcp ? StreamModule : Program);

    public LaunchCommand Prepare(ProxySetup setup)
    {
        var file = Path.Combine(setup.Directory, "nginx.conf");
        File.WriteAllText(file, setup.Shape.Protocol is ProxyProtocol.Tcp ? ConfigureStream(setup) : ConfigureHttp(setup));
        return new LaunchCommand(Program, ["-p", setup.Directory, "-e", "stderr", "-c", file]);
    }

    public Task<string> ReadVersionAsync(CancellationToken cancellation) =>
        // Told on standard error only, hence the shell.
        ChildProcess.RunAsync(new LaunchCommand("sh", ["-c", $"{Program} -v 2>&1"]), cancellation);

    private static string ConfigureHttp(ProxySetup setup)
    {
        var resumption = setup.Shape.Protocol is ProxyProtocol.TlsWithoutResumption ? "off" : "on";
        var tls = setup.Shape.IsTls
            ? $"""
                       ssl_certificate {setup.CertificateFile};
                       ssl_certificate_key {setup.CertificateFile};
                       ssl_protocols TLSv1.2 TLSv1.3;
                       ssl_session_tickets {resumption};
                       {(resumption is "off" ? "ssl_session_cache off;" : "")}
               """
            : "";
        return $$"""
            {{CommonDirectives(setup.Directory)}}
            http {
                access_log off;
                keepalive_timeout 300s;
                keepalive_requests 1000000000;
                proxy_temp_path {{setup.Directory}}/proxy;
                client_body_temp_path {{setup.Directory}}/body;
                fastcgi_temp_path {{setup.Directory}}/fastcgi;
                uwsgi_temp_path {{setup.Directory}}/uwsgi;
                scgi_temp_path {{setup.Directory}}/scgi;
                upstream web {
                    server 127.0.0.1:{{setup.OriginPort}};
                    keepalive 256;
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:{{setup.Port}} backlog=4096{{(setup.Shape.IsTls ? " ssl" : "")}};
            {{tls}}
                    location / {
                        proxy_pass http://web;
                        proxy_http_version 1.1;
                        proxy_max_temp_file_size 0;
                        proxy_set_header Connection "";
                        proxy_set_header Host $http_host;
                    }
                }
            }

            """;
    }

    private static string ConfigureStream(ProxySetup setup) =>
        $$"""
        load_module {{StreamModule}};
        {{CommonDirectives(setup.Directory)}}
        stream {
            server {
                listen 127.0.0.1:{{setup.Port}} backlog=4096;
                proxy_pass 127.0.0.1:{{setup.OriginPort}};
            }
        }

        """;

    /// <summary>What stands before the first block, also for the origin.</summary>
    public static string CommonDirectives(string directory) =>
        $$"""
        user root;
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid {{directory}}/nginx.pid;
        events { worker_connections 20000; }
        """;
}

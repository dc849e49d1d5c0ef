using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Clients;

/// <summary>nginx as the server behind the proxy.</summary>
public sealed class NginxOriginTests() : ProxyTest(Carrier.Sockets)
{
    private readonly string _directory = Directory.CreateTempSubdirectory("proxykit-nginx").FullName;
    private Process? _nginx;

    [Fact]
    public async Task Nginx_serves_files_ranges_and_conditions_over_one_connection()
    {
        var bytes = BodyTests.Bytes(300_000);
        await StartNginxAsync(bytes);
        var client = await ConnectAsync();

        await client.SendAsync("GET /file HTTP/1.1", "Host: a", "", "");
        var whole = await client.ReadResponseAsync();
        await client.SendAsync("GET /file HTTP/1.1", "Host: a", "Range: bytes=1000-1999", "", "");
        var part = await client.ReadResponseAsync();
        await client.SendAsync("GET /file HTTP/1.1", "Host: a", $"If-None-Match: {whole["ETag"]}", "", "");
        var unchanged = await client.ReadResponseAsync();
        await client.SendAsync("HEAD /file HTTP/1.1", "Host: a", "", "");
        var head = await client.ReadResponseAsync("HEAD");
        await client.SendAsync("POST /file HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "3", "abc", "0", "", "");
        var refused = await client.ReadResponseAsync();

        Assert.True(bytes.AsSpan().SequenceEqual(whole.Body));
        Assert.True(bytes.AsSpan(1000, 1000).SequenceEqual(part.Body));
        Assert.Equal((206, 304, 200, 405), (part.Status, unchanged.Status, head.Status, refused.Status));
        Assert.Equal("300000", head["Content-Length"]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_nginx is not null)
        {
            _nginx.Kill(entireProcessTree: true);
            await _nginx.WaitForExitAsync(TestContext.Current.CancellationToken);
            _nginx.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartNginxAsync(byte[] file)
    {
        var program = OutsideProgram.Find("nginx");
        var address = Path.Combine(_directory, "nginx.sock");
        await File.WriteAllBytesAsync(Path.Combine(_directory, "file"), file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_directory, "nginx.conf"),
            $$"""
            daemon off; master_process off; pid {{_directory}}/pid; error_log {{_directory}}/error.log;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_directory}}; proxy_temp_path {{_directory}}; fastcgi_temp_path {{_directory}};
                uwsgi_temp_path {{_directory}}; scgi_temp_path {{_directory}};
                server { listen unix:{{address}}; root {{_directory}}; }
            }
            """,
            TestContext.Current.CancellationToken);
        _nginx = Process.Start(new ProcessStartInfo(program, ["-p", _directory, "-c", $"{_directory}/nginx.conf"]) { RedirectStandardError = true });
        for (var i = 0; !await ListensAsync(address); i++)
        {
            Assert.True(i < 500, "nginx does not listen");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await StartAsync(proxy => proxy
            .AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", backend => backend.AddServer("s1", $"unix@{address}")));
    }

    private static async Task<bool> ListensAsync(string address)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

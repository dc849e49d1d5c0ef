using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Clients;

/// <summary>Kestrel as the server behind the proxy.</summary>
public sealed class KestrelOriginTests() : ProxyTest(Carrier.Sockets)
{
    private WebApplication? _kestrel;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_kestrel is not null)
        {
            await _kestrel.DisposeAsync();
        }
    }

    [Fact]
    public async Task Bodies_pass_with_a_length_and_in_chunks()
    {
        var bytes = BodyTests.Bytes(700_001);
        await StartKestrelAsync(app => app.MapPost("/echo", EchoAsync));
        var client = await ConnectAsync();

        foreach (var isChunked in (bool[])[false, true, false])
        {
            var framing = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {bytes.Length}";
            await client.SendAsync("POST /echo HTTP/1.1", "Host: a", framing, "", "");
            var reading = client.ReadResponseAsync();
            if (isChunked)
            {
                await client.SendRawAsync($"{bytes.Length:x}\r\n");
                await client.SendRawAsync(bytes);
                await client.SendRawAsync("\r\n0\r\n\r\n");
            }
            else
            {
                await client.SendRawAsync(bytes);
            }

            var response = await reading;
            Assert.Equal((200, "chunked"), (response.Status, response["Transfer-Encoding"]));
            Assert.True(bytes.AsSpan().SequenceEqual(response.Body));
        }
    }

    [Fact]
    public async Task Connection_is_kept_for_further_requests()
    {
        await StartKestrelAsync(app => app.MapGet("/", (HttpContext context) => context.Connection.Id));
        var client = await ConnectAsync();

        var first = Encoding.ASCII.GetString((await GetAsync(client)).Body);
        var second = Encoding.ASCII.GetString((await GetAsync(client)).Body);

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Trailers_of_a_request_reach_kestrel()
    {
        var seen = new TaskCompletionSource<string>();
        await StartKestrelAsync(app => app.MapPost("/", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            seen.SetResult(context.Features.GetRequiredFeature<IHttpRequestTrailersFeature>().Trailers["X-Sum"].ToString());
            await context.Response.WriteAsync("ok");
        }));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "2", "ab", "0", "X-Sum: there", "", "");

        var response = await client.ReadResponseAsync();
        Assert.Equal((200, "ok"), (response.Status, Encoding.ASCII.GetString(response.Body)));
        Assert.Equal("there", await seen.Task.InTimeAsync());
    }

    [Fact]
    public async Task Expectation_of_100_is_answered_by_kestrel_when_it_reads()
    {
        await StartKestrelAsync(app => app.MapPost("/echo", EchoAsync));
        var client = await ConnectAsync();

        await client.SendAsync("POST /echo HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 2", "", "");
        await client.ExpectAsync("HTTP/1.1 100 Continue", "", "");
        await client.SendRawAsync("ok");

        Assert.Equal("ok"u8.ToArray(), (await client.ReadResponseAsync()).Body);
    }

    /// <summary>PT-04: WebSocket.</summary>
    [Fact]
    public async Task WebSocket_of_kestrel_echoes_and_closes()
    {
        await StartKestrelAsync(app =>
        {
            app.UseWebSockets();
            app.Map("/chat", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[100_000];
                var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        });
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(Patience.Limit);

        await socket.ConnectAsync(new Uri($"ws://{Proxy.EndPoints[0]}/chat"), patience.Token);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, patience.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        Assert.Equal(("--", 101), ((await LoggedAsync()).End, (await LoggedAsync()).Status));
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_answered()
    {
        await StartKestrelAsync(app => app.MapGet("/{number:int}", (int number) => $"number {number}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Proxy.EndPoints[0]}") };

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number => Assert.Equal(
            $"number {number}", await client.GetStringAsync(new Uri($"/{number}", UriKind.Relative), TestContext.Current.CancellationToken))));
    }

    /// <summary>PT-04: any protocol, as HTTP/2 is here, which gRPC speaks.</summary>
    [Fact]
    public async Task Http2_passes_through_in_tcp_mode()
    {
        await StartKestrelAsync(
            app => app.MapPost("/echo", EchoAsync), HttpProtocols.Http2, frontend => frontend.Mode(ProxyMode.Tcp), backend => backend.Mode(ProxyMode.Tcp));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Proxy.EndPoints[0]}/echo")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("over streams"),
        };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("over streams", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static Task EchoAsync(HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);

    private async Task StartKestrelAsync(
        Action<WebApplication> configure, HttpProtocols protocols = HttpProtocols.Http1, Action<FrontendBuilder>? frontend = null,
        Action<BackendBuilder>? backend = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        _kestrel = builder.Build();
        configure(_kestrel);
        await _kestrel.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(_kestrel.Urls.Single());
        await StartAsync(proxy => proxy
            .AddFrontend("public", f =>
            {
                f.Bind("127.0.0.1:0").DefaultBackend("web");
                frontend?.Invoke(f);
            })
            .AddBackend("web", b =>
            {
                b.AddServer("s1", $"127.0.0.1:{address.Port}");
                backend?.Invoke(b);
            }));
    }
}

using System.Net;
using Microsoft.Extensions.Logging;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Tests.Metering.Quotas;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Logging;

/// <summary>What a user's log throws costs the entry, and nothing else.</summary>
public sealed class ThrowingLogTests : IDisposable
{
    private readonly RecordingLoggerProvider _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Address_at_which_nobody_could_be_accepted_for_a_moment_accepts_again()
    {
        var transport = new TiredTransport();
        await using var proxy = await StartAsync(transport, static level => level >= LogLevel.Warning);

        await ExpectOkAsync(transport, proxy);

        Assert.True(transport.HasFailed);
    }

    [Fact]
    public async Task Proxy_starts_reloads_and_stops()
    {
        var transport = new InMemoryTransport();
        await using var proxy = await StartAsync(transport, static _ => true);
        await ExpectOkAsync(transport, proxy);
        var endPoint = proxy.EndPoints[0]!; // it listens

        await proxy.ReloadAsync(Compose, TestContext.Current.CancellationToken);
        await ExpectOkAsync(transport, proxy);
        await proxy.StopAsync(TestContext.Current.CancellationToken);

        Assert.Null((await ((ITransport)transport).ConnectAsync(new ConnectOptions { EndPoint = endPoint }, CancellationToken.None)).Connection);
    }

    private static void Compose(ProxyBuilder proxy) => proxy.AddFrontend("f", static f => f
        .Bind("127.0.0.1:8080")
        .OnRequest(static rules => rules.Add(RuleActions.Return(Reply.Text("ok", "text/plain")))));

    private static async Task ExpectOkAsync(ITransport transport, Proxy proxy)
    {
        await using var client = await WireClient.ConnectAsync(transport, proxy.EndPoints[0]!); // it listens
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal(200, (await client.ReadResponseAsync().InTimeAsync()).Status);
    }

    private async Task<Proxy> StartAsync(ITransport transport, Func<LogLevel, bool> throws)
    {
        var builder = new ProxyBuilder();
        Compose(builder);
        var proxy = Proxy.Create(builder.Build(), new ProxyEnvironment { Transport = transport, LoggerFactory = new ThrowingLog(_log, throws) });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    /// <summary>A transport that has run out of something when it is to accept the first client.</summary>
    private sealed class TiredTransport : ITransport
    {
        private readonly InMemoryTransport _inner = new InMemoryTransport();

        public bool HasFailed { get; private set; }

        public ITransportListener Listen(ListenOptions options) => new Listener(this, _inner.Listen(options));

        public ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken) => _inner.ConnectAsync(options, cancellationToken);

        private sealed class Listener(TiredTransport transport, ITransportListener inner) : ITransportListener
        {
            public EndPoint? LocalEndPoint => inner.LocalEndPoint;

            public ValueTask<ConnectResult?> AcceptAsync()
            {
                if (transport.HasFailed)
                {
                    return inner.AcceptAsync();
                }

                transport.HasFailed = true;
                return new(ConnectResult.Failed(TransportError.ResourceExhausted));
            }

            public void Dispose() => inner.Dispose();
        }
    }
}

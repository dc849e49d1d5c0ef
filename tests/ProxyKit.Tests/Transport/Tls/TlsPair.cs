using System.Net;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

/// <summary>Both ends of an encrypted connection, over sockets or in memory, with a pool each that notices leaks.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private TlsPair(TlsConnection client, TlsConnection server, LeakCheckingBufferPool clientPool, LeakCheckingBufferPool serverPool)
    {
        Client = client;
        Server = server;
        ClientPool = clientPool;
        ServerPool = serverPool;
    }

    public TlsConnection Client { get; }

    public TlsConnection Server { get; }

    public LeakCheckingBufferPool ClientPool { get; }

    public LeakCheckingBufferPool ServerPool { get; }

    public static async Task<TlsPair> MakeAsync(
        bool inMemory = false, Func<int>? receiveSize = null, Action<BindTlsOptions>? bind = null, int capacity = 64 * 1024)
    {
        using var authority = new TestAuthority();
        var (client, server) = inMemory ? InMemoryTransport.MakePair(capacity, receiveSize) : await MakeSocketsAsync();
        var bindOptions = new BindTlsOptions { CertificatePath = authority.Issue() };
        bind?.Invoke(bindOptions);
        LeakCheckingBufferPool clientPool = new(), serverPool = new();
        var accept = new TlsServerContext(bindOptions, serverPool).AcceptAsync(server, CancellationToken.None).AsTask();
        var connect = new TlsClientContext(new ServerTlsOptions { CaPath = authority.CaPath }, clientPool)
            .ConnectAsync(client, "localhost", CancellationToken.None).AsTask();
        await Task.WhenAll(accept, connect).InTimeAsync();
        Assert.Equal((TransportError.None, TransportError.None), ((await connect).Error, (await accept).Error));
        return new TlsPair(
            Assert.IsType<TlsConnection>((await connect).Connection), Assert.IsType<TlsConnection>((await accept).Connection), clientPool, serverPool);
    }

    public static async Task<(Connection Client, Connection Server)> MakeSocketsAsync()
    {
        var transport = new SocketTransport();
        using var listener = transport.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        var accepted = listener.AcceptAsync().AsTask();
        var connected = await transport.ConnectAsync(new ConnectOptions { EndPoint = listener.LocalEndPoint! }, CancellationToken.None);
        return (connected.Connection!, (await accepted.InTimeAsync())!.Value.Connection!); // loopback listens: no failure
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        await ClientPool.AssertNothingRentedAsync();
        await ServerPool.AssertNothingRentedAsync();
    }
}

using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Tests.Transport.Sockets;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

/// <summary>Both ends of an encrypted connection, over sockets or in memory, with a pool each that notices leaks.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private TlsPair(ConnectResult client, ConnectResult server, Connection rawClient, LeakCheckingBufferPool clientPool, LeakCheckingBufferPool serverPool)
    {
        Client = Assert.IsType<TlsConnection>(client.Connection);
        Server = Assert.IsType<TlsConnection>(server.Connection);
        RawClient = rawClient;
        ClientPool = clientPool;
        ServerPool = serverPool;
    }

    public TlsConnection Client { get; }

    /// <summary>The client's end beneath the encryption.</summary>
    public Connection RawClient { get; }

    public TlsConnection Server { get; }

    public LeakCheckingBufferPool ClientPool { get; }

    public LeakCheckingBufferPool ServerPool { get; }

    public static async Task<TlsPair> MakeAsync(
        bool inMemory = false, Func<int>? receiveSize = null, int capacity = 64 * 1024, bool signalsInline = false, bool noticeLeaks = true, bool certifiesClient = false)
    {
        using var authority = new TestAuthority();
        var (client, server) = inMemory ? InMemoryTransport.MakePair(capacity, receiveSize, signalsInline) : await MakeSocketsAsync();
        LeakCheckingBufferPool clientPool = new(), serverPool = new();
        using var own = certifiesClient ? authority.IssueClient("CN=bob, O=Example") : null;
        var options = new BindTlsOptions { CertificatePath = authority.Issue() };
        options = certifiesClient ? options.RequireClientCertificate(authority.CaPath) : options;
        var accepting = new TlsServerContext(options, noticeLeaks ? serverPool : BufferPool.Shared)
            .AcceptAsync(server, CancellationToken.None).InTimeAsync();
        var connecting = new TlsClientContext(new ServerTlsOptions { CaPath = authority.CaPath, CertificatePath = own is null ? null : authority.Write(own) }, noticeLeaks ? clientPool : BufferPool.Shared)
            .ConnectAsync(client, "localhost", CancellationToken.None).InTimeAsync();
        return new TlsPair(await connecting, await accepting, client, clientPool, serverPool);
    }

    public static async Task<(Connection Client, Connection Server)> MakeSocketsAsync()
    {
        var pair = await SocketPair.MakeAsync();
        return (pair.Client, pair.Server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        await ClientPool.AssertNothingRentedAsync();
        await ServerPool.AssertNothingRentedAsync();
    }
}

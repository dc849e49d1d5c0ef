using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Http;

/// <summary>How strictly all of the proxy takes protocols.</summary>
public sealed class ProcessOptionTests() : ProxyTest(Carrier.Sockets)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    public async Task Body_of_any_method_is_read_where_it_may_be(string method)
    {
        var origin = OkOrigin();
        await StartAsync(proxy =>
        {
            Compose([origin])(proxy);
            proxy.Configure(static o => o.AcceptsBodyOfAnyMethod = true);
        });
        var client = await ConnectAsync();

        await client.SendRawAsync($"{method} / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: inside\r\n\r\n"[..^2]);

        Assert.Equal(200, (await client.ReadResponseAsync(method)).Status);
        Assert.Equal("GET /hidden HTTP/1.1\r\nHost: inside\r\n", Assert.Single(origin.Requests).Text); // the body, and no request
    }

    [Fact]
    public async Task Connections_go_on_behind_requests_with_both_lengths_where_they_may()
    {
        var origin = OkOrigin();
        await StartKeepingAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
            Assert.Null((await client.ReadResponseAsync())["Connection"]);
        }

        Assert.All(origin.Requests, static r => Assert.Equal("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", r.Head));
        Assert.Equal(2, origin.Requests.Count);
        var opened = origin.Connections;
        Assert.Equal(200, (await GetAsync(client)).Status);
        Assert.Equal(opened, origin.Connections); // the last one was kept
    }

    [Fact]
    public async Task Connections_go_on_behind_responses_with_both_lengths_where_they_may()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Content-Length: 40", "Transfer-Encoding: chunked", "", "2", "ok", "0", "", "");
        await StartKeepingAsync(origin);
        var client = await ConnectAsync();

        Assert.Equal(("ok", null), await Get());
        Assert.Equal(("ok", null), await Get());
        Assert.Equal(1, origin.Connections);

        async Task<(string, string?)> Get()
        {
            var response = await GetAsync(client);
            return (response.Text, response["Content-Length"]);
        }
    }

    [Fact]
    public async Task Connections_end_behind_chunks_of_HTTP10_all_the_same()
    {
        var origin = OkOrigin();
        await StartKeepingAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        await client.ReadResponseAsync();
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_on_a_privileged_port_is_turned_away_where_it_is_to_be(bool rejects)
    {
        await StartAsync(proxy =>
        {
            Compose([OkOrigin()])(proxy);
            proxy.Configure(o => o.RejectsPrivilegedPorts = rejects);
        });
        using var socket = PrivilegedSocket();
        await socket.ConnectAsync((IPEndPoint)Proxy.EndPoints[0]!, TestContext.Current.CancellationToken);
        await using var wire = Wire.Over(socket);

        await wire.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var answer = await ReadAsync(wire);

        Assert.Equal(!rejects, answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.Equal(rejects ? 1 : 0, Proxy.GetStatistics().Frontends[0].DeniedConnections);
        Assert.Equal(200, (await GetAsync()).Status); // all others come in
    }

    [Theory]
    [InlineData(true, 0x21, 28)]
    [InlineData(false, 0x20, 16)]
    public async Task Checks_tell_their_addresses_where_servers_know_no_other_headers(bool never, byte command, int length)
    {
        var header = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var origin = RawOrigin(async wire => header.TrySetResult(await wire.ReadExactlyAsync(length)));
        await StartAsync(proxy =>
        {
            Compose([origin], backend: static b => b.Configure(static o =>
            {
                o.CheckServers = new ServerCheckOptions();
                o.Servers[0].ProxyProtocol = new ProxyProtocolOptions { Version = ProxyProtocolVersion.Binary };
            }))(proxy);
            proxy.Configure(o => o.NeverSendsLocalHeader = never);
        });

        var bytes = await AdvanceUntilAsync(header.Task);

        Assert.Equal(command, bytes[12]);
        Assert.Equal(length - 16, bytes[15]);
        if (never)
        {
            Assert.Equal([127, 0, 0, 1, 127, 0, 0, 1], bytes[16..24]);
            Assert.Equal(((IPEndPoint)origin.EndPoint).Port, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(26)));
        }
    }

    private Task StartKeepingAsync(WireOrigin origin) => StartAsync(proxy =>
    {
        Compose([origin])(proxy);
        proxy.Configure(static o => o.KeepsConnectionsOfBothLengths = true);
    });

    /// <summary>What came, or nothing where the connection was broken off.</summary>
    private static async Task<string> ReadAsync(Wire wire)
    {
        try
        {
            return System.Text.Encoding.Latin1.GetString(await wire.ReadToEndAsync());
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static Socket PrivilegedSocket()
    {
        for (var port = 1023; port > 600; port--)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied)
            {
                socket.Dispose();
                Assert.Skip("privileged ports are for privileged users");
            }
        }

        throw new InvalidOperationException("all privileged ports are taken");
    }
}

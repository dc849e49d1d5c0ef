namespace ProxyKit.Conformance.Lifecycle;

/// <summary>What is logged of clients that send nothing.</summary>
public abstract class EmptyConnectionTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Client_that_leaves_without_a_byte_has_a_line_where_all_have()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.EmptyConnections = EmptyConnectionLines.All));
        var client = await ConnectAsync();

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        var line = await LoggedAsync();
        Assert.Equal(("CR", 400, "<BADREQ>", 0L), (line.End, line.Status, line.Request, line.Bytes));
        Assert.Contains(" public public/<NOSRV> -1/-1/-1/-1/", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EmptyConnectionLines.Late)]
    [InlineData(EmptyConnectionLines.None)]
    public async Task Client_that_leaves_without_a_byte_has_no_line_otherwise(EmptyConnectionLines lines)
    {
        await StartAsync(OkOrigin(), f => f.Configure(o => o.EmptyConnections = lines));
        var client = await ConnectAsync();

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        await UntilAsync(() => Proxy.Connections == 0);
        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal("GET / HTTP/1.1", (await LoggedAsync()).Request);
    }

    [Fact]
    public async Task Client_that_is_waited_for_in_vain_is_told_and_has_no_line_where_none_has()
    {
        await StartAsync(OkOrigin(), static f => f.RequestHeadTimeout(Limit).Configure(static o => o.EmptyConnections = EmptyConnectionLines.None));
        var client = await ConnectAsync();

        Assert.Equal(408, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);

        await client.DisposeAsync(); // whom the proxy would give time to read
        await UntilAsync(() => Proxy.Connections == 0);
        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal("GET / HTTP/1.1", (await LoggedAsync()).Request);
    }

    [Fact]
    public async Task Line_of_a_client_that_is_waited_for_in_vain_tells_how_long()
    {
        await StartAsync(OkOrigin(), static f => f.RequestHeadTimeout(Limit).Configure(static o => o.EmptyConnections = EmptyConnectionLines.All));
        var client = await ConnectAsync();

        await AdvanceUntilAsync(client.ReadResponseAsync());

        Assert.InRange((await LoggedAsync()).Duration, (int)Limit.TotalMilliseconds, 10 * (int)Limit.TotalMilliseconds);
    }

    [Fact]
    public async Task Kept_connection_that_ends_has_no_line_of_its_own()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.EmptyConnections = EmptyConnectionLines.All));
        var client = await ConnectAsync();
        await GetAsync(client);

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        await UntilAsync(() => Proxy.Connections == 0);
        Assert.Single(Log.Entries, static e => e.Category == "ProxyKit.Access");
    }

    [Theory]
    [InlineData(EmptyConnectionLines.All, 1)]
    [InlineData(EmptyConnectionLines.None, 0)]
    public async Task Tunnel_without_a_byte_has_a_line_unless_none_has(EmptyConnectionLines lines, int count)
    {
        var origin = RawOrigin(static wire => wire.ReadToEndAsync());
        await StartAsync(origin, f => f.Mode(ProxyMode.Tcp).Configure(o => o.EmptyConnections = lines), static b => b.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        await UntilAsync(() => Proxy.Connections == 0);
        Assert.Equal(count, Log.Entries.Count(static e => e.Category == "ProxyKit.Access"));
    }

    public sealed class OverSockets() : EmptyConnectionTests(Carrier.Sockets);

    public sealed class InMemory() : EmptyConnectionTests(Carrier.Memory);
}

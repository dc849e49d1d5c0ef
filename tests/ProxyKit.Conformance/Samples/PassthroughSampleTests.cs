using System.Net.Security;
using ProxyKit.Checks;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Samples;

/// <summary>Connections that pass through as they come, as the samples have it.</summary>
public sealed class PassthroughSampleTests : SampleTest
{
    [Fact] // PT-01, PT-05, PT-06
    public async Task Bytes_pass_as_they_are_to_both_servers_in_turn()
    {
        var bytes = BodyTests.Bytes(100_001);
        var (first, second) = (Echo(), Echo());
        await StartSampleAsync("backend-passthrough", first, second);
        await first.OpenConnectionsAsync(0); // the checks' own are gone

        for (var i = 1; i <= 2; i++)
        {
            await using (var client = await ConnectAsync())
            {
                var sending = client.SendRawAsync(bytes);
                var received = await client.Wire.ReadExactlyAsync(bytes.Length);
                Assert.True(bytes.AsSpan().SequenceEqual(received));
                await sending;
            }

            Assert.Equal($"servers/server{i}", (await LoggedAsync(i)).Server); // before the next one: lines have no order of their own
        }
    }

    [Fact] // PT-05
    public async Task Silent_client_is_let_go_after_fifty_seconds()
    {
        await StartSampleAsync("backend-passthrough", Echo(), Echo());
        var client = await ConnectAsync();
        await client.SendRawAsync("a");
        await client.ExpectAsync("a");

        await AdvanceUntilAsync(client.Wire.ExpectClosedAsync());

        Assert.Equal("cD", (await LoggedAsync()).End);
    }

    [Fact] // PT-06
    public async Task Server_that_is_gone_is_left_out()
    {
        var first = Echo();
        await StartSampleAsync("backend-passthrough", first, Echo());
        first.StopListening();
        await AdvanceUntilAsync(() => !Proxy.GetServers("servers")[0].IsUp);

        for (var i = 0; i < 4; i++)
        {
            await using var client = await ConnectAsync();
            await client.SendRawAsync("a");
            await client.ExpectAsync("a");
        }
    }

    [Fact] // PT-08
    public async Task Third_server_stands_by_and_half_closed_connections_go_on()
    {
        WireOrigin Saying(string name) => RawOrigin(async wire => await wire.SendAsync($"{name} {(await wire.ReadToEndAsync()).Length}"));
        var (one, two, three) = (Saying("one"), Saying("two"), Saying("three"));
        await StartSampleAsync(
            "passthrough",
            text => text.Replace("127.0.0.1:9443", one.Address, StringComparison.Ordinal)
                .Replace("127.0.0.1:9444", two.Address, StringComparison.Ordinal)
                .Replace("127.0.0.1:9445", three.Address, StringComparison.Ordinal));

        Assert.Equal(["one 3", "two 3"], [await TellAsync(), await TellAsync()]);
        Proxy.SetServerHealth("relay", "one", ForcedHealth.Down);
        Proxy.SetServerHealth("relay", "two", ForcedHealth.Down);
        Assert.Equal("three 3", await TellAsync());

        async Task<string> TellAsync()
        {
            await using var client = await ConnectAsync();
            await client.SendRawAsync("abc");
            client.ShutdownSend();
            return System.Text.Encoding.ASCII.GetString(await client.Wire.ReadToEndAsync());
        }
    }

    [Fact] // PT-02, PT-09
    public async Task Web_servers_see_the_request_as_it_was_and_clients_stay()
    {
        var (first, second) = (Named("one"), Named("two"));
        await StartSampleAsync("http-servers", first, second);

        var met = await AskAsync("/x?y", "X-Odd:  value", "Accept: a", "ACCEPT: b");

        Assert.Equal($"SRV={met.Text}; path=/", met["set-cookie"]);
        var origin = met.Text == "one" ? first : second;
        var seen = origin.Requests.Single(static r => r.Target == "/x?y");
        Assert.Equal("GET /x?y HTTP/1.1\r\nHost: a.example\r\nX-Odd:  value\r\nAccept: a\r\nACCEPT: b\r\n\r\n", seen.Head);
        Assert.Equal(met.Text, (await AskAsync("/", $"Cookie: SRV={met.Text}")).Text);
    }

    [Theory] // SSH-01, SSH-04, SSH-13, SSH-14, SSH-18
    [InlineData("server1", "SSH-2.0-one")]
    [InlineData("SERVER2", "SSH-2.0-two")]
    public async Task Name_of_the_tls_around_it_chooses_the_ssh_server(string name, string banner)
    {
        var (one, two) = (RawOrigin(static wire => wire.SendAsync("SSH-2.0-one")), RawOrigin(static wire => wire.SendAsync("SSH-2.0-two")));
        await StartSshAsync("ssh-by-name", one, two);

        var client = await (await ConnectAsync()).SecureAsync(Asking(name));
        var said = System.Text.Encoding.ASCII.GetString(await client.Wire.ReadToEndAsync());
        await client.DisposeAsync();

        var line = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access");
        Assert.EndsWith($"dst:{name.ToLowerInvariant()} ", line.Message, StringComparison.Ordinal);
        Assert.True(banner == said, $"'{said}': {line.Message}");
    }

    [Fact] // SSH-04, SSH-17
    public async Task Unknown_name_reaches_nobody()
    {
        var origin = RawOrigin(static wire => wire.SendAsync("SSH-2.0-one"));
        await StartSshAsync("ssh-by-name", origin, origin);
        var client = await (await ConnectAsync()).SecureAsync(Asking("server3"));

        Assert.Empty(await client.Wire.ReadToEndAsync());

        Assert.Equal(0, origin.Connections);
        Assert.EndsWith("dst:server3 ", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
    }

    [Theory] // SSH-05, SSH-08, SSH-11
    [InlineData("127.0.0.3", "SSH-2.0-x", true)]
    [InlineData("127.0.1.1", "SSH-2.0-x", false)]
    [InlineData("127.0.0.3", "GET / HTTP/1.1", false)]
    public async Task Address_in_the_name_is_connected_to_where_it_is_allowed(string address, string words, bool isServed)
    {
        var origin = WireOrigin.StartRaw(
            async wire => await wire.SendAsync($"got {System.Text.Encoding.ASCII.GetString(await wire.ReadSomeAsync())}"),
            new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0));
        DisposeFirst(origin);
        await StartSampleAsync(
            "ssh-to-any-server",
            text => text.Replace("0.0.0.0:22", $"0.0.0.0:{origin.Port}", StringComparison.Ordinal)
                .Replace("set-var(sess.dst) ssl_fc_sni", $"set-var(sess.dst) ssl_fc_sni,regsub(^a,),regsub(-,.,g)", StringComparison.Ordinal)); // names that .NET's clients send
        var client = await (await ConnectAsync()).SecureAsync(Asking($"a{address.Replace('.', '-')}"));

        try
        {
            await client.SendRawAsync(words);
            var answer = System.Text.Encoding.ASCII.GetString(await AdvanceUntilAsync(client.Wire.ReadToEndAsync()));
            Assert.Equal(isServed ? $"got {words}" : "", answer);
        }
        catch (IOException) when (!isServed)
        {
            // Closed before it was heard out.
        }

        Assert.Equal(isServed ? 1 : 0, origin.Connections);
    }

    private Task StartSshAsync(string name, WireOrigin one, WireOrigin two) => StartSampleAsync(
        name,
        text => text.Replace("127.0.0.1:9022", one.Address, StringComparison.Ordinal).Replace("127.0.0.1:9023", two.Address, StringComparison.Ordinal));

    private WireOrigin Echo() => RawOrigin(static async wire =>
    {
        while (await wire.ReadSomeAsync() is { Length: > 0 } some)
        {
            await wire.SendAsync(some);
        }
    });

    private static SslClientAuthenticationOptions Asking(string name) => new()
    {
        TargetHost = name,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null, // made for this test
    };
}

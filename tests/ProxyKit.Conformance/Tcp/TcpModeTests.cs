using ProxyKit.Balancing;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Tcp;

public abstract class TcpModeTests(Carrier carrier) : ProxyTest(carrier)
{
    /// <summary>PT-01: what the client sends is what the server receives.</summary>
    [Fact]
    public async Task Bytes_pass_exactly_both_ways()
    {
        var up = BodyTests.Bytes(700_001);
        var down = BodyTests.Bytes(900_001);
        byte[] seen = [];
        var origin = RawOrigin(async wire =>
        {
            var reading = wire.ReadExactlyAsync(up.Length);
            await wire.SendAsync(down);
            seen = await reading;
        });
        await StartTcpAsync(origin);
        var client = await ConnectAsync();

        var sending = client.SendRawAsync(up);
        var received = await client.Wire.ReadExactlyAsync(down.Length);
        await sending;
        client.ShutdownSend();
        await client.ExpectClosedAsync();

        Assert.True(down.AsSpan().SequenceEqual(received), "what the server sent");
        Assert.True(up.AsSpan().SequenceEqual(seen), "what the client sent");
        var line = await LoggedAsync();
        Assert.Equal(("--", down.Length, "web/s1"), (line.End, line.Bytes, line.Server));
    }

    [Fact]
    public async Task Server_may_speak_first()
    {
        await StartTcpAsync(RawOrigin(async wire =>
        {
            await wire.SendAsync("220 ready\r\n");
            await wire.ExpectAsync("QUIT\r\n");
            await wire.SendAsync("221 bye\r\n");
        }));
        var client = await ConnectAsync();

        await client.ExpectAsync("220 ready\r\n");
        await client.SendRawAsync("QUIT\r\n");
        await client.ExpectAsync("221 bye\r\n");
        await client.ExpectClosedAsync();
    }

    /// <summary>PT-08.</summary>
    [Fact]
    public async Task Half_close_of_the_client_is_carried_through_and_the_server_can_still_answer()
    {
        await StartTcpAsync(RawOrigin(async wire => await wire.SendAsync((await wire.ReadToEndAsync()).AsMemory())));
        var client = await ConnectAsync();

        await client.SendRawAsync("all of it");
        client.ShutdownSend();

        await client.ExpectAsync("all of it");
        await client.ExpectClosedAsync();
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    /// <summary>PT-08, the other way.</summary>
    [Fact]
    public async Task Half_close_of_the_server_is_carried_through_and_the_client_can_still_speak()
    {
        using var heard = new Gate();
        await StartTcpAsync(RawOrigin(async wire =>
        {
            await wire.SendAsync("bye");
            wire.ShutdownSend();
            await wire.ExpectAsync("last words");
            await wire.ExpectClosedAsync();
            heard.Open();
        }));
        var client = await ConnectAsync();

        await client.ExpectAsync("bye");
        await client.ExpectClosedAsync();
        await client.SendRawAsync("last words");
        client.ShutdownSend();

        await heard.PassAsync();
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Reset_of_the_client_reaches_the_server()
    {
        using var heard = new Gate();
        using var reset = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ExpectAsync("hello");
            heard.Open();
            await wire.ExpectResetAsync();
            reset.Open();
        });
        await StartTcpAsync(origin);
        var client = await ConnectAsync();
        await client.SendRawAsync("hello");
        await heard.PassAsync();

        client.Reset();

        await reset.PassAsync();
        Assert.Equal("CD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Reset_of_the_server_reaches_the_client()
    {
        await StartTcpAsync(RawOrigin(async wire =>
        {
            await wire.ExpectAsync("hello");
            wire.Reset();
        }));
        var client = await ConnectAsync();

        await client.SendRawAsync("hello");

        await client.ExpectResetAsync();
        Assert.Equal("SD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Without_a_server_the_client_is_closed()
    {
        var origin = OkOrigin();
        await StartTcpAsync(origin, backend: backend => backend.Retries(0));
        origin.StopListening();
        var client = await ConnectAsync();

        await client.ExpectClosedAsync();

        var line = await LoggedAsync();
        Assert.Equal(("SC", -1), (line.End, line.Connect));
    }

    [Fact]
    public async Task Server_that_refuses_is_passed_over()
    {
        var dead = RawOrigin(_ => Task.CompletedTask);
        var alive = RawOrigin(wire => wire.SendAsync("hello"));
        await StartAsync(Compose([dead, alive], frontend => frontend.Mode(ProxyMode.Tcp), backend => backend.Mode(ProxyMode.Tcp)));
        dead.StopListening();

        for (var i = 0; i < 3; i++)
        {
            await using var client = await ConnectAsync();
            await client.ExpectAsync("hello");
        }
    }

    [Fact]
    public async Task Strategy_that_throws_ends_its_tunnel_and_leaves_nothing_behind()
    {
        ExpectedFaults = 1;
        await StartTcpAsync(Silent(), backend: backend => backend.Balance<Throwing>());
        var client = await ConnectAsync();

        await client.ExpectClosedAsync();

        Assert.Equal("IC", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Silent_client_is_closed_at_its_limit()
    {
        await StartTcpAsync(Silent(), frontend => frontend.ClientTimeout(TimeSpan.FromSeconds(2)));
        await ConnectAsync();

        Assert.Equal("cD", (await AdvanceUntilAsync(LoggedAsync())).End);
    }

    [Fact]
    public async Task Silent_server_is_closed_at_its_limit()
    {
        await StartTcpAsync(Silent(), frontend => frontend.ClientTimeout(null), backend => backend.ServerTimeout(TimeSpan.FromSeconds(2)));
        var client = await ConnectAsync();

        Assert.Equal("sD", (await AdvanceUntilAsync(LoggedAsync())).End);
        await client.Wire.ExpectClosedAsync(); // and not reset: what is on its way arrives
    }

    [Fact]
    public async Task Tunnel_limit_replaces_both_and_counts_either_direction()
    {
        using var heard = new Gate();
        var origin = RawOrigin(async wire =>
        {
            while (await wire.ReadSomeAsync() is { Length: > 0 })
            {
                heard.Open();
            }
        });
        await StartTcpAsync(
            origin,
            frontend => frontend.ClientTimeout(TimeSpan.FromSeconds(1)),
            backend => backend.ServerTimeout(TimeSpan.FromSeconds(1)).TunnelTimeout(TimeSpan.FromSeconds(10)));
        var client = await ConnectAsync();

        for (var i = 0; i < 4; i++)
        {
            await client.SendRawAsync("x");
            await heard.PassAsync();
            Time.Advance(TimeSpan.FromSeconds(6));
        }

        var line = await AdvanceUntilAsync(LoggedAsync());
        Assert.Equal('D', line.End[1]);
        Assert.True(line.Duration >= 28_000, line.Text);
    }

    [Fact]
    public async Task Fin_limit_takes_over_once_one_direction_is_closed()
    {
        using var heard = new Gate();
        using var mayGo = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadExactlyAsync(1);
            heard.Open();
            await wire.ReadToEndAsync();
            await mayGo.PassAsync();
        });
        await StartTcpAsync(
            origin,
            frontend => frontend.ClientTimeout(null),
            backend => backend.ServerTimeout(null).Configure(o => o.ServerFinTimeout = TimeSpan.FromSeconds(2)));
        var client = await ConnectAsync();
        await client.SendRawAsync("x");
        await heard.PassAsync(); // an accepted connection is none yet for the proxy; a relayed byte says that it is

        client.ShutdownSend();

        Assert.Equal("sD", (await AdvanceUntilAsync(LoggedAsync())).End);
        mayGo.Open();
    }

    private Task StartTcpAsync(WireOrigin origin, Action<FrontendBuilder>? frontend = null, Action<BackendBuilder>? backend = null) => StartAsync(
        origin,
        f =>
        {
            f.Mode(ProxyMode.Tcp);
            frontend?.Invoke(f);
        },
        b =>
        {
            b.Mode(ProxyMode.Tcp);
            backend?.Invoke(b);
        });

    /// <summary>A server that says nothing.</summary>
    private WireOrigin Silent() => RawOrigin(static wire => wire.ReadToEndAsync());

    private sealed class Throwing : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => throw new InvalidOperationException("mine");
    }

    public sealed class OverSockets() : TcpModeTests(Carrier.Sockets);

    /// <summary>And what sockets cannot be made to do.</summary>
    public sealed class InMemory() : TcpModeTests(Carrier.Memory)
    {
        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public async Task Client_that_leaves_before_it_said_anything_ends_the_attempt_to_connect(bool resets)
        {
            var origin = Silent();
            await StartTcpAsync(origin, backend: backend => backend.ConnectTimeout(null));
            using var connecting = new Gate();
            var cancelled = false;
            HoldConnects(origin, async cancellation =>
            {
                connecting.Open();
                using var registration = cancellation.Register(() => cancelled = true);
                await Task.Delay(Timeout.Infinite, cancellation);
            });
            var client = await ConnectAsync();
            await connecting.PassAsync();

            if (resets)
            {
                client.Reset();
            }
            else
            {
                client.ShutdownSend();
            }

            var line = await LoggedAsync();
            Assert.Equal(("CC", "0"), (line.End, line.Retries));
            Assert.True(cancelled, "the attempt goes on for nobody");
        }

        [Fact]
        public async Task Client_that_closes_behind_its_first_bytes_is_still_served()
        {
            using var heard = new Gate();
            var origin = RawOrigin(async wire =>
            {
                Assert.Equal("all of it", System.Text.Encoding.Latin1.GetString(await wire.ReadToEndAsync()));
                heard.Open();
                await wire.SendAsync("answer");
            });
            await StartTcpAsync(origin);
            using var connecting = new Gate();
            using var mayGo = new Gate();
            HoldConnects(origin, async _ =>
            {
                connecting.Open();
                await mayGo.PassAsync();
            });
            var client = await ConnectAsync();
            await connecting.PassAsync();

            await client.SendRawAsync("all of it");
            client.ShutdownSend();
            mayGo.Open();

            await heard.PassAsync();
            await client.ExpectAsync("answer");
            Assert.Equal("--", (await LoggedAsync()).End);
        }

        private void HoldConnects(WireOrigin origin, Func<CancellationToken, Task> hold) => Network.Connecting = async (options, cancellation) =>
        {
            if (options.EndPoint.Equals(origin.EndPoint))
            {
                await hold(cancellation);
            }

            return ProxyKit.Transport.TransportError.None;
        };
    }
}

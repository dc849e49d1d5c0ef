using ProxyKit.Transport;

namespace ProxyKit.Conformance.Rules;

/// <summary>What rules say of the packets to servers is known when the connection is opened: its first packet has it already.</summary>
public sealed class PacketMarkTests() : ProxyTest(Carrier.Memory)
{
    [Fact]
    public async Task Connection_to_a_server_is_opened_with_the_marks_that_rules_have_set()
    {
        await StartAsync(OkOrigin(), frontend => frontend.OnRequest(rules => rules.SetServerMark(0x2A).SetServerTypeOfService(46)));
        var client = await ConnectAsync();
        var marks = WatchConnections();

        Assert.Equal(200, (await GetAsync(client)).Status);

        Assert.Equal([new PacketMarks(0x2A, 46)], marks);
    }

    [Fact]
    public async Task Connection_of_other_marks_serves_no_request_that_has_its_own()
    {
        await StartAsync(
            OkOrigin(),
            frontend => frontend.OnRequest(rules => rules.SetServerMark(1, Match.Path("/1")).SetServerMark(2, Match.Path("/2"))),
            backend => backend.Reuse(ConnectionReuse.Always));
        var client = await ConnectAsync();
        var marks = WatchConnections();

        foreach (var target in new[] { "/1", "/2", "/1" })
        {
            Assert.Equal(200, (await GetAsync(client, target)).Status);
        }

        Assert.Equal([1u, 2u], marks.Select(static m => m.Mark));
    }

    /// <summary>The marks of the connections that are opened from now on.</summary>
    private List<PacketMarks> WatchConnections()
    {
        var marks = new List<PacketMarks>();
        Network.Connecting = (options, _) =>
        {
            marks.Add(options.Marks);
            return new(TransportError.None);
        };
        return marks;
    }
}

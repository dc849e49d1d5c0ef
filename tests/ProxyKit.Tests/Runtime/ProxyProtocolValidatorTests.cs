using ProxyKit.Resilience;
using ProxyKit.Rules.Expressions;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class ProxyProtocolValidatorTests
{
    [Fact]
    public void Headers_both_ways_have_no_fault() => Assert.Empty(Faults(
        static f => f.Bind("*:80", static b => b.AcceptProxyProtocol("10.0.0.0/8", "::1")),
        static b => b.AddServer("s1", "10.0.0.1:+0", static s => s.ProxyProtocol(static h =>
        {
            h.Facts = ProxyProtocolFacts.Authority | ProxyProtocolFacts.Checksum;
            h.Fields[0xE0] = Value.Parse("src");
            h.Fields[0xEF] = Value.Parse("dst");
        })).Configure(static o => o.ServerNameHeader = "X-Server")));

    [Fact]
    public void Sender_that_is_no_network_is_told() => Assert.Equal(
        [
            "frontend \"f\" > bind \"1\" > TrustedSenders: \"lan\" (1) is neither a network nor an address.",
            "frontend \"f\" > bind \"2\" > TrustedSenders: needs AcceptsProxyProtocol.",
        ],
        Faults(static f => f.Bind("*:80", static b => b.AcceptProxyProtocol("lan")).Bind("*:81", static b => b.Configure(static o => o.TrustedSenders.Add("::1")))));

    [Theory]
    [InlineData(0)]
    [InlineData(4_294_967_296)]
    public void Number_of_a_NetScaler_that_cannot_be_is_told(long magic) => Assert.Equal(
        [$"frontend \"f\" > bind \"1\" > NetScalerMagic: {magic} is out of range (1-4294967295)."],
        Faults(f => f.Bind("*:80", b => b.AcceptNetScalerHeader(magic).Configure(static o => o.TrustedSenders.Add("::1")))));

    [Fact]
    public void Header_that_cannot_be_is_told() => Assert.Equal(
        [
            "backend \"b\" > server \"s1\" > ProxyProtocol > Version: version 1 has room for addresses only.",
            "backend \"b\" > server \"s2\" > ProxyProtocol > Fields: type 223 is out of range (224-239).",
            "backend \"b\" > server \"s3\" > ProxyProtocol > Facts: 256 has a flag that does not exist.",
        ],
        Faults(backend: static b => b
            .AddServer("s1", "10.0.0.1:80", static s => s.ProxyProtocol(static h => (h.Version, h.Facts) = (ProxyProtocolVersion.Text, ProxyProtocolFacts.Checksum)))
            .AddServer("s2", "10.0.0.1:80", static s => s.ProxyProtocol(static h => h.Fields[0xDF] = Value.Parse("src")))
            .AddServer("s3", "10.0.0.1:80", static s => s.ProxyProtocol(static h => h.Facts = (ProxyProtocolFacts)256))));

    [Fact]
    public void Header_of_a_request_that_goes_to_several_servers_is_told() => Assert.Equal(
        [
            "backend \"b\" > ServerNameHeader: cannot go together with Hedge, which has one request for several servers at a time.",
            "backend \"b\" > server \"s1\" > ProxyProtocol > a header that tells of the request cannot go together with Hedge, for which it would be made for several servers at a time.",
        ],
        Faults(backend: static b => b
            .AddServer("s1", "10.0.0.1:80", static s => s.ProxyProtocol(static h => h.Facts = ProxyProtocolFacts.UniqueId))
            .Configure(static o => (o.Hedge, o.ServerNameHeader) = (new HedgeOptions(), "X-Server"))));

    [Theory]
    [InlineData("Host", "\"Host\" decides how a request is read, and is not to be replaced")]
    [InlineData("a b", "\"a b\" is no name of a header field")]
    public void Field_that_servers_cannot_have_is_told(string name, string fault) => Assert.Equal(
        [$"backend \"b\" > ServerNameHeader: {fault}."], Faults(backend: b => b.Configure(o => o.ServerNameHeader = name)));

    [Fact]
    public void Port_of_each_client_cannot_be_checked() => Assert.Equal(
        ["backend \"b\" > server \"s1\" > Check: needs a Port, since the server's is that of each client."],
        Faults(backend: static b => b
            .AddServer("s1", "10.0.0.1:+0", static s => s.Configure(static o => o.Check = new()))
            .AddServer("s2", "10.0.0.1:+0", static s => s.Configure(static o => o.Check = new() { Port = 80 }))));

    [Theory]
    [InlineData("10.0.0.1:+65536", "'10.0.0.1:+65536': '+65536' is nothing to add to a port (-65535 to +65535)")]
    [InlineData("10.0.0.1:+x", "'10.0.0.1:+x': '+x' is nothing to add to a port (-65535 to +65535)")]
    [InlineData("10.0.0.1:0", "'10.0.0.1:0': a server needs a port from 1 to 65535, or '+0' for the one that the client has connected to")]
    public void Port_that_is_none_is_told(string address, string fault) => Assert.Equal(
        [$"backend \"b\" > server \"s1\" > Address: {fault}."], Faults(backend: b => b.AddServer("s1", address)));

    private static IReadOnlyList<string> Faults(Action<FrontendBuilder>? frontend = null, Action<BackendBuilder>? backend = null)
    {
        var builder = new ProxyBuilder();
        builder.AddFrontend("f", frontend ?? (static f => f.Bind("*:80"))).AddBackend("b", backend ?? (static b => b.AddServer("s1", "10.0.0.1:80")));
        return ProxyOptionsValidator.Validate(builder.Build());
    }
}

using System.Net;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class SourceConditionTests
{
    [Theory]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8:ffff::1", true)]
    [InlineData("11.0.0.0", false)]
    [InlineData("9.255.255.255", false)]
    [InlineData("192.0.2.8", false)]
    [InlineData("192.0.2.6", false)]
    [InlineData("2001:db9::", false)]
    [InlineData("::10.1.2.3", false)]
    public void Source_holds_for_addresses_in_a_network(string address, bool holds) =>
        Assert.Equal(holds, Match.Source("10.0.0.0/8", "2001:db8::/32", "192.0.2.7").Holds(TestExchange.For("/").From(address)));

    [Theory]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "::ffff:203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("::/0", "::ffff:203.0.113.9", false)]
    [InlineData("::ffff:0:0/96", "203.0.113.9", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "::2", false)]
    public void Source_keeps_the_families_apart(string network, string address, bool holds) =>
        Assert.Equal(holds, Match.Source(network).Holds(TestExchange.For("/").From(address)));

    [Fact]
    public void Source_does_not_hold_for_a_client_without_an_address() =>
        Assert.False(Match.Source("0.0.0.0/0", "::/0").Holds(TestExchange.For("/")));

    [Theory]
    [InlineData("10.1.2.3", "True")]
    [InlineData("11.1.2.3", "False")]
    public void Source_is_known_of_a_connection_without_an_exchange(string address, string expected)
    {
        var session = new RuleSession { Source = new IPEndPoint(IPAddress.Parse(address), 1) };

        Assert.Equal(expected, Match.Source("10.0.0.0/8").Evaluate(new RuleContext { Session = session }).ToString());
    }

    [Fact]
    public void Source_of_many_networks_equals_asking_each()
    {
        var random = new Random(7);
        var networks = Enumerable.Range(0, 300).Select(_ => RandomNetwork(random)).ToArray();
        var together = Match.Source(networks);
        var each = networks.Select(network => Match.Source(network)).ToArray();

        for (var i = 0; i < 2_000; i++)
        {
            var exchange = TestExchange.For("/").From($"{random.Next(4)}.{random.Next(256)}.{random.Next(4)}.{random.Next(256)}");

            Assert.Equal(each.Any(network => network.Holds(exchange)), together.Holds(exchange));
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("10", "neither an address nor a network")]
    [InlineData("010.0.0.1", "neither an address nor a network")]
    [InlineData("10.0.0", "neither an address nor a network")]
    [InlineData("example.com", "neither an address nor a network")]
    [InlineData("[::1]", "neither an address nor a network")]
    [InlineData("fe80::1%1", "neither an address nor a network")]
    [InlineData("10.0.0.0/33", "from 0 to 32")]
    [InlineData("10.0.0.0/-1", "from 0 to 32")]
    [InlineData("10.0.0.0/255.0.0.0", "from 0 to 32")]
    [InlineData("::/129", "from 0 to 128")]
    [InlineData("10.0.0.1/8", "bits set beyond its first 8")]
    [InlineData("1::1/16", "bits set beyond its first 16")]
    public void Source_refuses_what_is_no_network(string network, string message) =>
        Assert.Contains(message, Refusal(network), StringComparison.Ordinal);

    [Fact]
    public void Source_refuses_an_empty_list() => Assert.Throws<ArgumentException>("networks", () => Match.Source());

    private static string Refusal(string network) => Assert.Throws<ArgumentException>("networks", () => Match.Source(network)).Message;

    private static string RandomNetwork(Random random)
    {
        var bits = random.Next(8, 33);
        var address = (uint)((random.Next(4) << 24) | (random.Next(256) << 16) | (random.Next(4) << 8) | random.Next(256));
        address &= uint.MaxValue << (32 - bits);
        return $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}/{bits}";
    }
}

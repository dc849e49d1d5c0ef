using ProxyKit.Backends;
using ProxyKit.Balancing;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

public sealed class BalanceLinesTests
{
    [Theory]
    [InlineData("", "roundrobin")]
    [InlineData("roundrobin", "roundrobin")]
    [InlineData("static-rr", "static-rr")]
    [InlineData("leastconn", "leastconn")]
    [InlineData("first", "first")]
    [InlineData("sticky", "sticky")]
    [InlineData("random", "random")]
    [InlineData("random()", "random")]
    [InlineData("random(3)", "random(3)")]
    [InlineData("source", "source")]
    [InlineData("uri", "uri")]
    [InlineData("uri depth 2 len 10 whole path-only", "uri whole path-only len 10 depth 2")]
    [InlineData("url_param id", "url_param id")]
    [InlineData("url_param id check_post", "url_param id")]
    [InlineData("hdr(host)", "hdr(host)")]
    [InlineData("hdr(host) use_domain_only", "hdr(host) use_domain_only")]
    [InlineData("rdp-cookie", "rdp-cookie(mstshash)")]
    [InlineData("rdp-cookie(name)", "rdp-cookie(name)")]
    [InlineData("hash req.hdr(x-room),lower", "hash req.hdr(x-room),lower")]
    public void Algorithm_is_the_backends(string line, string name) => Assert.Equal(name, Reading.Backend($"balance {line}").Balance.Name);

    [Theory]
    [InlineData("uri len", "balance uri : 'len' expects a positive integer (got '').")]
    [InlineData("uri len 0", "balance uri : 'len' expects a positive integer (got '0').")]
    [InlineData("uri depth x", "balance uri : 'depth' expects a positive integer (got 'x').")]
    [InlineData("uri all", "balance uri only accepts parameters 'len', 'depth', 'path-only', and 'whole' (got 'all').")]
    [InlineData("url_param", "balance url_param requires an URL parameter name.")]
    [InlineData("url_param a b", "balance url_param only accepts 'check_post' modifier (got 'b').")]
    [InlineData("hdr()", "balance hdr requires an http header field name.")]
    [InlineData("hdr(a", "balance hdr requires an http header field name.")]
    [InlineData("hdr(a) b", "balance hdr(a) only accepts 'use_domain_only' modifier (got 'b').")]
    [InlineData("rdp-cookie()", "balance rdp-cookie : missing cookie name.")]
    [InlineData("random(2", "balance random : missing closing parenthesis.")]
    [InlineData("random(x)", "balance random : unexpected character 'x' after argument.")]
    [InlineData("hash", "balance hash requires a sample expression.")]
    [InlineData("hash path x", "balance hash takes no other argument (got 'x').")]
    [InlineData("hash foo", "failed to parse 'balance hash' expression 'foo' in : unknown fetch method 'foo'.")]
    [InlineData("log-hash", "balance log-hash is of 'mode log', which is not supported yet.")]
    public void Fault_of_an_algorithm_is_told_in_HAProxys_words(string line, string fault) =>
        Assert.Equal($"parsing [a.cfg:2] : {fault}", Reading.Alert($"backend b\nbalance {line}\n"));

    [Theory]
    [InlineData("balance random\nhash-balance-factor 150", 1)]
    [InlineData("hash-type consistent\nhash-balance-factor 150\nbalance random(1)", 1)]
    [InlineData("balance random\nhash-balance-factor 0", 0)]
    [InlineData("balance source\nhash-type consistent\nhash-balance-factor 150", 0)]
    public void Bound_that_random_draws_do_not_have_is_warned_of(string lines, int count) => Assert.Equal(
        count,
        Reading.Of($"backend b\n{lines}\nfrontend f\nbind :80\n").Warnings().Count(static w => w.Contains(
            "'hash-balance-factor' has no effect in backend 'b': 'balance random' draws from all servers, however busy they are.", StringComparison.Ordinal)));

    [Fact]
    public void Word_too_many_is_warned_of() => Assert.Equal(
        ["parsing [a.cfg:3] : 'balance url_param' : 'junk' means nothing here."],
        Reading.Of("backend b\nmode http\nbalance url_param id check_post junk\n").Warnings().Where(static w => w.Contains("junk", StringComparison.Ordinal)));

    [Theory]
    [InlineData("consistent", "consistent sdbm avalanche")]
    [InlineData("consistent sdbm", "consistent sdbm")]
    [InlineData("consistent crc32 avalanche", "consistent crc32 avalanche")]
    [InlineData("map-based", "map-based sdbm")]
    [InlineData("map-based wt6 avalanche", "map-based wt6 avalanche")]
    [InlineData("map-based none", "map-based none")]
    public void Hash_type_goes_with_the_key(string line, string expected)
    {
        var hash = Reading.Backend($"hash-type {line}\nbalance source").Balance.Description.HashType!; // it has a key

        var placement = hash.Placement == HashPlacement.Consistent ? "consistent" : "map-based";
        Assert.Equal(expected, $"{placement} {hash.Function}{(hash.Avalanche ? " avalanche" : "")}", ignoreCase: true);
        Assert.Equal(16, hash.PointsPerWeight);
    }

    [Theory]
    [InlineData("hash-type avalanche", "experimental feature 'hash-type avalanche' is not supported anymore, please use 'hash-type map-based sdbm avalanche' instead.")]
    [InlineData("hash-type ring", "'hash-type' only supports 'consistent' and 'map-based'.")]
    [InlineData("hash-type consistent xx", "'hash-type' only supports 'sdbm', 'djb2', 'crc32', 'wt6' or 'none' hash functions.")]
    [InlineData("hash-type consistent sdbm x", "'hash-type' only supports 'avalanche' as a modifier for hash functions.")]
    [InlineData("hash-balance-factor x", "'hash-balance-factor' expects an integer argument.")]
    [InlineData("hash-balance-factor 100", "'hash-balance-factor' must be 0 or greater than 100.")]
    [InlineData("hash-preserve-affinity never", "'hash-preserve-affinity' only supports 'always', 'maxconn', 'maxqueue' (got 'never')")]
    public void Fault_of_a_hash_is_told_in_HAProxys_words(string line, string fault) =>
        Assert.Equal($"parsing [a.cfg:2] : {fault}", Reading.Alert($"backend b\n{line}\n"));

    [Fact]
    public void Without_a_type_hashes_go_by_a_table_of_sdbm()
    {
        Assert.Equal(HashType.MapBased, Reading.Backend("balance uri").Balance.Description.HashType);
    }

    [Fact]
    public void Bounds_are_of_rings_alone()
    {
        const string Bounds = "hash-balance-factor 150\nhash-preserve-affinity maxqueue\nbalance uri\n";

        var ring = Reading.Backend($"{Bounds}hash-type consistent").Balance.Description.HashType!; // it has a key
        var table = Reading.Backend(Bounds).Balance.Description.HashType;

        Assert.Equal((150, HashAffinity.MaxQueue), (ring.BalanceFactor!.Value, ring.Affinity)); // it was given
        Assert.Equal(HashType.MapBased, table);
        Assert.Null(Reading.Backend("hash-balance-factor 0\nhash-type consistent\nbalance uri").Balance.Description.HashType!.BalanceFactor);
    }

    [Fact]
    public void What_defaults_say_is_inherited_line_by_line()
    {
        var result = Reading.Of(
            "defaults\nmode http\nbalance uri\nhash-type consistent\nbackend a\nbackend b\nhash-type map-based\nbackend c\nbalance first\nfrontend f\nbind :80\n");

        Assert.Equal(
            ["uri Consistent", "uri MapBased", "first "],
            result.Options!.Backends.Select(static b => $"{b.Balance} {b.Balance.Description.HashType?.Placement}")); // it is valid
    }

    [Theory]
    [InlineData("uri")]
    [InlineData("url_param a")]
    [InlineData("hdr(a)")]
    public void Algorithm_of_HTTP_takes_turns_in_TCP_mode(string line)
    {
        var result = Reading.Of($"frontend f\nmode tcp\nbind :80\nbackend b\nmode tcp\nbalance {line}\n");

        Assert.Contains(result.Warnings(), static w => w.Contains("Layer 7 hash not possible for backend 'b' (needs 'mode http'). Falling back to round robin.", StringComparison.Ordinal));
        Assert.Equal("roundrobin", result.Options!.Backends[0].Balance.Name); // warnings are no reason to refuse
    }

    [Fact]
    public void What_an_algorithm_does_not_take_is_told()
    {
        var result = Reading.Of("frontend f\nmode http\nbind :80\nbackend b\nmode http\nbalance source x\n");

        Assert.Contains("parsing [a.cfg:6] : 'balance source' : 'x' means nothing here.", result.Warnings());
    }

    [Fact]
    public void Parameters_about_balancing_are_the_servers()
    {
        var server = Reading.Server("id 7 guid a:b hash-key addr-port slowstart 1500ms");

        Assert.Equal((7, "a:b", ServerHashKey.AddressAndPort, TimeSpan.FromSeconds(2)), (server.Id, server.Guid, server.HashKey, server.SlowStart));
        Assert.Null(Reading.Server("slowstart 0").SlowStart);
    }

    [Theory]
    [InlineData("id 0", "'id' : custom id has to be > 0.")]
    [InlineData("id x", "'id' : custom id has to be > 0.")]
    [InlineData("guid a/b", "'guid' : 'a/b' is not valid: up to 127 letters, digits and - _ : . characters are.")]
    [InlineData("hash-key name", "'hash-key' only supports 'id', 'id32', 'addr', 'addr-port', 'guid' (got 'name')")]
    [InlineData("slowstart x", "unexpected character 'x' in 'slowstart'.")]
    public void Fault_of_a_parameter_is_told(string parameter, string fault) =>
        Assert.EndsWith(fault, Reading.Alert($"backend b\nserver s 10.0.0.1:80 {parameter}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("id")]
    [InlineData("guid")]
    public void What_is_one_servers_own_is_no_default(string parameter) => Assert.Equal(
        $"parsing [a.cfg:2] : '{parameter}' option is not accepted in default-server sections.",
        Reading.Alert($"backend b\ndefault-server {parameter} 5\nserver s1 10.0.0.1:80\n"));

    [Fact]
    public void Guid_is_one_servers_alone_whatever_its_backend() => Assert.StartsWith(
        "parsing [a.cfg:4] : 'server c/s2' : 'guid' : 'one' is already used at ",
        Reading.Alert("backend b\nserver s1 10.0.0.1:80 guid one\nbackend c\nserver s2 10.0.0.2:80 guid one\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Number_of_a_template_is_that_of_its_first_server() =>
        Assert.Equal([7, null, null], Reading.Backend("server-template w 3 10.0.0.1:80 id 7").Servers.Select(static s => s.Id));

    [Fact]
    public void Ids_are_each_servers_own() => Assert.Equal(
        "parsing [a.cfg:3] : 'server b/s2' : 'id' : custom id 4 already used at a.cfg:2 ('server s1').",
        Reading.Alert("backend b\nserver s1 10.0.0.1:80 id 4\nserver s2 10.0.0.2:80 id 4\n"));
}

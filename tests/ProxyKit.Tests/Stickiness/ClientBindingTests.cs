using System.Reflection;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Stickiness;

public sealed class ClientBindingTests
{
    [Fact]
    public void Reset_brings_everything_back()
    {
        using var bench = new StickyBench(static o => o.StickRules.Add(new StickRuleOptions(StickRuleKind.On, Value.Parse("src"))));
        var binding = new ClientBinding { Effect = PersistenceEffect.Force, RequestCookie = 'V', ResponseCookie = 'I', LastSeen = 1, FirstSeen = 2 };
        binding.Direct(bench.Server(1), DirectionKind.Cookie);
        binding.Add(new StickTargets(bench.Table, bench.Backend.Servers), "key"u8);

        binding.Reset();

        var fresh = new ClientBinding();
        Assert.All(
            typeof(ClientBinding).GetProperties(BindingFlags.Instance | BindingFlags.Public),
            property => Assert.Equal(property.GetValue(fresh), property.GetValue(binding)));
    }

    [Fact]
    public void No_more_keys_are_learnt_than_HAProxy_learns()
    {
        using var bench = new StickyBench(static o => o.StickRules.Add(new StickRuleOptions(StickRuleKind.On, Value.Parse("src"))));
        var targets = new StickTargets(bench.Table, bench.Backend.Servers);
        var binding = new ClientBinding();
        for (var i = 0; i < 12; i++)
        {
            binding.Add(targets, [(byte)i]);
        }

        binding.Learn(bench.Server(1));

        Assert.Equal(ClientBinding.MostLessons, bench.Table.Used);
    }
}

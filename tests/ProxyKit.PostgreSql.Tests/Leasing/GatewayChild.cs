using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests.Leasing;

/// <summary>The gateway that <see cref="SharedLimitTests"/> kills: this assembly in a process of its own.</summary>
internal static class GatewayChild
{
    public const string Variable = "PROXYKIT_GATEWAY_CHILD";

    /// <summary>What it is called in the tables.</summary>
    public const string Name = "child";

    [ModuleInitializer]
    internal static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } words)
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Run(words.Split('|')).GetAwaiter().GetResult();
        }
    }

    /// <summary>How the child and the gateway beside it share.</summary>
    public static void Configure(PostgreSqlOptions options)
    {
        options.Credit = options.CreditWhileAway = 0;
        options.AwayAfter = TimeSpan.FromMinutes(1);
        options.LeaseInterval = TimeSpan.FromMilliseconds(5);
        options.GiveBackAfter = TimeSpan.FromMilliseconds(50);
        options.ExpireAfter = TimeSpan.FromMinutes(10); // tests say when that has gone by
    }

    public static ProxyOptions Options(string origin, TierLeases leases) => new ProxyBuilder()
        .AddFrontend("public", static f => f.Bind("127.0.0.1:0").AccessLog(false).UseTiers("plans").DefaultBackend("web"))
        .AddTiers("plans", tiers => tiers.CountBy(Value.Parse("req.hdr(x-client)")).AddTier("gold", static t => t.Concurrency(10)).DefaultTier("gold").Share(leases))
        .AddBackend("web", b => b.AddServer("web1", origin))
        .Build();

    private static async Task Run(string[] words)
    {
        await using var gateway = new PostgreSqlGateway(words[0], o =>
        {
            Configure(o);
            o.Schema = words[1];
            o.Gateway = Name;
        });
        await using var proxy = Proxy.Create(Options(words[2], gateway.Leases));
        await proxy.StartAsync();
        gateway.Start(proxy);
        await Console.Out.WriteLineAsync(((IPEndPoint)proxy.EndPoints[0]!).Port.ToString(CultureInfo.InvariantCulture)); // it listens, so it has one
        await Task.Delay(Timeout.Infinite);
    }
}

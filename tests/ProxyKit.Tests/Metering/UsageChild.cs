using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using ProxyKit.Metering;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Tests.Metering;

/// <summary>The metered proxy that <see cref="KillTests"/> kills: this assembly in a process of its own.</summary>
internal static class UsageChild
{
    public const string Variable = "PROXYKIT_USAGE_CHILD";

    [ModuleInitializer]
    internal static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } words)
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Run(words.Split('|')).GetAwaiter().GetResult();
        }
    }

    private static async Task Run(string[] words)
    {
        var durability = Enum.Parse<Durability>(words[1]);
        await using var proxy = Proxy.Create(p => p
            .AddMetering(m => m.Durability(durability).CountBy(Value.Parse("req.hdr(x-client)")).Journal(words[0], static o =>
            {
                o.SegmentBytes = 256 * 1024; // so that it rotates and compacts while it is killed
                o.CompactAfter = TimeSpan.Zero;
            }))
            .AddFrontend("public", f => f.Bind("127.0.0.1:0").AccessLog(false).OnRequest(rules => rules.Return(Reply.Text("ok", "text/plain")))));
        await proxy.StartAsync();
        await Console.Out.WriteLineAsync(((IPEndPoint)proxy.EndPoints[0]!).Port.ToString(CultureInfo.InvariantCulture)); // it listens, so it has one
        await Task.Delay(Timeout.Infinite);
    }
}

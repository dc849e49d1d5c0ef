using BenchmarkDotNet.Running;
using ProxyKit.Benchmarks.Comparison;
using ProxyKit.Benchmarks.Hosts;
using ProxyKit.Benchmarks.Metering;
using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Transport.Sockets;

const string usage = $"""
    {ComparisonOptions.Usage}
    compare --list
    bench [arguments of BenchmarkDotNet]
    usage [events per second] [seconds]
    """;

try
{
    switch (args)
    {
        case ["compare", "--list"]:
            foreach (var row in ComparisonRows.All)
                Console.WriteLine($"{row.Name,-16} {row.Title}");
            return 0;
        case ["compare", ..]:
            return await CompareCommand.RunAsync(ComparisonOptions.Parse(args.AsSpan(1)));
        case ["bench", .. var rest]:
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
            return 0;
        case ["usage", .. var numbers]:
            await UsageLoad.RunAsync(numbers);
            return 0;
        case [YarpUnderTest.Verb, ..]:
            await YarpQuickStartHost.RunAsync(HostedProxy.Parse(args.AsSpan(1)));
            return 0;
        case [YarpUnderTest.TunedVerb, ..]:
            await YarpHost.RunAsync(HostedProxy.Parse(args.AsSpan(1)));
            return 0;
        case [ProxyKitUnderTest.Verb, ..]:
            SocketTransport.UseEventLoops();
            await ProxyKitHost.RunAsync(HostedProxy.Parse(args.AsSpan(1)));
            return 0;
        case [ProxyKitUnderTest.EmbeddedVerb, ..]:
            await ProxyKitHost.RunAsync(HostedProxy.Parse(args.AsSpan(1)));
            return 0;
        default:
            Console.Error.WriteLine(usage);
            return 64; // EX_USAGE
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n{usage}");
    return 64;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}

using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Stickiness;
using ProxyKit.StickTables;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Stickiness;

/// <summary>A backend's stickiness without a proxy around it: servers <c>s1</c> to <c>s3</c> with the cookies <c>a</c> to <c>c</c>, and a table
/// <c>web</c> of strings.</summary>
internal sealed class StickyBench : IDisposable
{
    private readonly StickTable _table;

    public StickyBench(Action<BackendOptions> configure, StickServerKey serverKey = StickServerKey.Name)
    {
        var options = new BackendOptions { Name = "web" };
        for (var i = 1; i <= 3; i++)
        {
            options.Servers.Add(new ServerOptions { Name = $"s{i}", Address = $"10.0.0.{i}:80", Cookie = $"{(char)('a' + i - 1)}" });
        }

        configure(options);
        _table = new StickTable(
            new StickTableOptions { Name = "web", KeyType = StickKeyType.String, Size = 100, ServerKey = serverKey }.WithServers(), Time);
        Backend = BackendOf(options);
        Compiler = new RuleCompiler
        {
            Backend = Backend,
            Time = Time,
            Tables = new Dictionary<string, StickTable> { ["web"] = _table },
            Backends = new Dictionary<string, Backend> { ["web"] = Backend },
        };
        Stickiness = BackendStickiness.Compile(options, Backend, Compiler, (kind, index, _, fault) => Faults.Add($"{kind} {index}: {fault}"));
    }

    public ManualTimeProvider Time { get; } = new();

    public Backend Backend { get; }

    public RuleCompiler Compiler { get; }

    public List<string> Faults { get; } = [];

    /// <summary>Null where nothing binds anybody.</summary>
    public BackendStickiness? Stickiness { get; }

    public StickTable Table => _table;

    public ClientBinding Binding { get; } = new();

    /// <summary>The name of the server that a request has to have; null for any.</summary>
    public string? Ask(RuleContext context)
    {
        Binding.Reset();
        Stickiness!.Begin(context, Binding);
        return Stickiness.Direct(context, Binding).Server?.Name;
    }

    public Server Server(int number) => Backend.Servers[number - 1];

    public void SetDown(int number) => Server(number).State.SetAvailability(ServerAvailability.Down);

    public void Dispose() => _table.Dispose();

    private Backend BackendOf(BackendOptions options)
    {
        var state = new BackendState();
        var servers = options.Servers.Select(o =>
        {
            var endPoint = System.Net.IPEndPoint.Parse(o.Address);
            return new Server("web", o, endPoint, null, null, new ServerState(o.Name, new IdleConnections(0, TimeSpan.FromSeconds(5), Time), state));
        });
        return new Backend(options, [.. servers], state);
    }
}

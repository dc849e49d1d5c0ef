using ProxyKit.Checks;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;

namespace ProxyKit.Tests.Checks;

/// <summary>What a program that checks a server is told: the program here is a script that tells it to the test.</summary>
public sealed class ExternalProbeTests : IDisposable
{
    private static readonly string[] OfProxy = ["NAME", "ID", "ADDR", "PORT"], OfServer = ["NAME", "ID", "ADDR", "PORT", "MAXCONN", "CURCONN", "SSL", "PROTO"];

    private readonly string _script = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_script);

    [Fact]
    public async Task Backend_of_a_frontend_of_its_name_tells_where_that_listens() => Assert.Equal(
        "0.0.0.0 8000 10.0.0.1 8080 web 3 0.0.0.0 8000 s1 7 10.0.0.1 8080 5 0 0 h1",
        await ToldAsync("web", "0.0.0.0", static _ => { }));

    [Fact]
    public async Task Backend_of_another_frontend_tells_of_none() => Assert.Equal(
        "NOT_USED NOT_USED 10.0.0.1 8080 web 3   s1 7 10.0.0.1 8080 5 0 0 h1", await ToldAsync("public", "127.0.0.1", static _ => { }));

    [Fact]
    public async Task Where_other_checks_would_go_is_nothing_to_it() => Assert.StartsWith(
        "NOT_USED NOT_USED 10.0.0.1 8080 ",
        await ToldAsync("public", "127.0.0.1", static b => b.Configure(static o => (o.CheckServers!.Address, o.CheckServers.Port) = ("10.9.9.9", 9)))); // it is checked

    private async Task<string> ToldAsync(string frontend, string host, Action<BackendBuilder> configure)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = WireOrigin.StartRaw(async wire => told.TrySetResult(await wire.ReadLineAsync()));
        var names = string.Join(' ', OfProxy.Select(static n => $"$HAPROXY_PROXY_{n}")
            .Concat(OfServer.Select(static n => $"$HAPROXY_SERVER_{n}")));
        await File.WriteAllTextAsync(_script, $"#!/bin/bash\nprintf '%s\\r\\n' \"$1 $2 $3 $4 {names}\" > /dev/tcp/127.0.0.1/{listener.Port}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        var builder = new ProxyBuilder()
            .AddFrontend(frontend, f => f.Bind($"{host}:8000").DefaultBackend("web"))
            .AddBackend("web", b =>
            {
                b.Check(new HealthCheckOptions { Kind = HealthCheckKind.External, Command = _script })
                    .AddServer("s1", "10.0.0.1:8080", static s => s.MaxConnections(5).Configure(static o => o.Id = 7))
                    .Configure(static o => o.Id = 3);
                configure(b);
            })
            .Configure(static o => o.AllowsExternalChecks = true);
        await using var proxy = Proxy.Create(builder.Build(), new ProxyEnvironment { Transport = new InMemoryTransport() });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        return await told.Task.InTimeAsync();
    }
}

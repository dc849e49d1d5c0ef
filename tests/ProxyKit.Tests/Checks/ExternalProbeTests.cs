using System.Diagnostics;
using System.Globalization;
using ProxyKit.Checks;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;

namespace ProxyKit.Tests.Checks;

/// <summary>What a program that checks a server is told: the program here is a script that tells it to the test.</summary>
public sealed class ExternalProbeTests : IDisposable
{
    private static readonly string[] OfProxy = ["NAME", "ID", "ADDR", "PORT"], OfServer = ["NAME", "ID", "ADDR", "PORT", "MAXCONN", "CURCONN", "SSL", "PROTO"];

    private readonly string _script = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), _left = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        File.Delete(_script);
        File.Delete(_left);
    }

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

    /// <summary>What a program leaves behind may keep its output open: how it ended is known all the same.</summary>
    [Theory]
    [InlineData(0, CheckStatus.ProcessPassed)]
    [InlineData(3, CheckStatus.ProcessFailed)]
    public async Task Program_has_ended_when_it_has_whatever_it_has_begun(int code, CheckStatus expected)
    {
        await WriteAsync($"sleep 60 &\necho $! > '{_left}'\nexit {code}");
        using var log = new RecordingLoggerProvider();
        var builder = new ProxyBuilder()
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b
                .Check(new HealthCheckOptions { Kind = HealthCheckKind.External, Command = _script, CommandPath = "/bin:/usr/bin" })
                .AddServer("s1", "10.0.0.1:8080")
                .Configure(static o => o.LogsHealthChecks = true))
            .Configure(static o => o.AllowsExternalChecks = true);
        await using var proxy = Proxy.Create(builder.Build(), new ProxyEnvironment { Transport = new InMemoryTransport(), LoggerFactory = log });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            await log.WaitForAsync(static e => e.Message.StartsWith("Health check for server web/s1", StringComparison.Ordinal));

            Assert.Equal((expected, code), (proxy.GetServers("web")[0].LastCheck!.Value.Status, proxy.GetServers("web")[0].LastCheck!.Value.Code)); // it has been checked
        }
        finally
        {
            using var left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(_left, CancellationToken.None), CultureInfo.InvariantCulture));
            left.Kill();
        }
    }

    /// <summary>What a program leaves behind has its output open for as long as it lives; the check does not.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("sleep 600 &")]
    public async Task Check_closes_what_it_has_read(string begins)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "tells what is open by /proc");
        const int Checks = 15;
        var (begun, enough) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var listener = WireOrigin.StartRaw(wire =>
        {
            if (Interlocked.Increment(ref begun) > Checks)
            {
                enough.TrySetResult(); // the others are over
            }

            return Task.CompletedTask;
        });
        await WriteAsync($"{begins}\necho $! >> '{_left}'\nexec 3<> /dev/tcp/127.0.0.1/{listener.Port}");
        var builder = new ProxyBuilder()
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b
                .Check(new HealthCheckOptions { Kind = HealthCheckKind.External, Command = _script, CommandPath = "/bin:/usr/bin" })
                .AddServer("s1", "10.0.0.1:8080")
                .Configure(static o => o.CheckServers!.Interval = TimeSpan.FromMilliseconds(10))) // it is checked
            .Configure(static o => o.AllowsExternalChecks = true);
        var before = Pipes();
        try
        {
            await using var proxy = Proxy.Create(builder.Build(), new ProxyEnvironment { Transport = new InMemoryTransport() });
            await proxy.StartAsync(TestContext.Current.CancellationToken);
            await enough.Task.InTimeAsync();

            Assert.InRange(Pipes() - before, int.MinValue, Checks); // those of the check at work, and of other tests, but not two of each
        }
        finally
        {
            foreach (var line in await File.ReadAllLinesAsync(_left, CancellationToken.None))
            {
                if (line.Length > 0)
                {
                    End(int.Parse(line, CultureInfo.InvariantCulture));
                }
            }
        }
    }

    /// <summary>How many ends of pipes the process has open.</summary>
    private static int Pipes() => Directory.EnumerateFiles("/proc/self/fd")
        .Count(static fd => new FileInfo(fd).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);

    private static void End(int id)
    {
        try
        {
            using var left = Process.GetProcessById(id);
            left.Kill();
        }
        catch (ArgumentException)
        {
            // It has left with the check that began it, which was given up.
        }
    }

    private async Task WriteAsync(string script)
    {
        await File.WriteAllTextAsync(_script, $"#!/bin/bash\n{script}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    private async Task<string> ToldAsync(string frontend, string host, Action<BackendBuilder> configure)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = WireOrigin.StartRaw(async wire => told.TrySetResult(await wire.ReadLineAsync()));
        var names = string.Join(' ', OfProxy.Select(static n => $"$HAPROXY_PROXY_{n}")
            .Concat(OfServer.Select(static n => $"$HAPROXY_SERVER_{n}")));
        await WriteAsync($"printf '%s\\r\\n' \"$1 $2 $3 $4 {names}\" > /dev/tcp/127.0.0.1/{listener.Port}");
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

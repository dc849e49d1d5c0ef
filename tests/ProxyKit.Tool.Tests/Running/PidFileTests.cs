using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Tool.Tests.Running;

/// <summary>Processes that are told where to write their number.</summary>
public sealed class PidFileTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_that_cannot_be_written_leaves_clients_to_the_process_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "addresses are taken over there alone");
        var file = WriteUnix();
        await using var first = ToolProcess.Start("-V", "-f", file);
        await first.ListensAsync();

        var (exitCode, _, errors) = await ToolProcess.RunAsync(
            "-f", file, "-p", _folder.PathOf("none/pid"), "-sf", first.Id.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(1, exitCode);
        Assert.Contains("Cannot create pidfile ", errors, StringComparison.Ordinal);
        await ConnectAsync();
    }

    [Fact]
    public async Task Start_that_fails_leaves_the_file_as_it_is()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var named = _folder.Write("1234\n", "named");

        foreach (var pid in new[] { named, _folder.PathOf("new") })
        {
            var (exitCode, _, errors) = await ToolProcess.RunAsync("-f", _folder.WriteGood(port, 1), "-p", pid);
            Assert.Equal(1, exitCode);
            Assert.Contains("Binding failed", errors, StringComparison.Ordinal);
        }

        Assert.Equal("1234\n", await File.ReadAllTextAsync(named, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(_folder.PathOf("new")));
    }

    [Fact]
    public async Task One_that_takes_no_more_is_told_and_clients_are_served()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no device that is always full");
        await using var tool = ToolProcess.Start("-V", "-f", WriteUnix(), "-p", "/dev/full");

        await tool.SaysAsync("Cannot write pidfile /dev/full : ");

        await ConnectAsync();
    }

    private string WriteUnix() => _folder.Write($"""
        defaults
          mode http
          timeout client 10s
          timeout server 10s
          timeout connect 5s
        frontend web
          bind unix@{_folder.PathOf("a.sock")}
          http-request return status 200

        """);

    private async Task ConnectAsync()
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(_folder.PathOf("a.sock")), TestContext.Current.CancellationToken);
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tests.Transport.Sockets;

/// <summary>Who may connect to unix sockets.</summary>
public sealed class SocketFileTests : IDisposable
{
    private readonly SocketTransport _transport = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-modes-").FullName;

    private string Address => Path.Combine(_folder, "a.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void Permissions_are_those_that_were_said(UnixFileMode mode)
    {
        using var listener = _transport.Listen(Options with { SocketMode = mode });

        Assert.Equal(mode, Mode());
    }

    [Fact]
    public void Socket_may_be_given_to_whom_it_belongs_already()
    {
        using var listener = _transport.Listen(Options with { SocketUser = Own("/proc/self/status", "Uid:"), SocketGroup = Own("/proc/self/status", "Gid:") });

        Assert.True(File.Exists(Address));
    }

    /// <summary>Only root may give a file away: whoever else runs this finds out that the system refuses it, and that the proxy says so.</summary>
    [Fact]
    public async Task Socket_is_given_to_another_owner_or_not_listened_on()
    {
        var options = Options with { SocketUser = 4711, SocketGroup = 4712, SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Contains("to another owner", Assert.Throws<IOException>(() => _transport.Listen(options)).Message, StringComparison.Ordinal);
            return;
        }

        using var listener = _transport.Listen(options);

        Assert.Equal("4711 4712 600", await StatAsync());
    }

    [Fact]
    public async Task Group_alone_may_be_said()
    {
        using var listener = _transport.Listen(Options with { SocketGroup = Own("/proc/self/status", "Gid:") });

        Assert.StartsWith($"{Own("/proc/self/status", "Uid:")} {Own("/proc/self/status", "Gid:")} ", await StatAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", 0)]
    [InlineData("0", 0)]
    [InlineData("4711", 4711)]
    [InlineData("nobody-of-this-name", null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("4294967295", null)] // which would change nothing
    public void Users_are_found_by_name_or_number(string name, int? number) => Assert.Equal((uint?)number, SocketFile.FindNumber(name, SocketFile.Users));

    private ListenOptions Options => new() { EndPoint = new UnixDomainSocketEndPoint(Address) };

    private UnixFileMode Mode() => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(Address);

    /// <summary>The owner's and the group's number and the permissions, as the system tells them.</summary>
    private async Task<string> StatAsync()
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u %g %a", Address]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("There is no stat.");
        return (await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd();
    }

    private static uint Own(string file, string field) => uint.Parse(
        File.ReadLines(file).First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
}

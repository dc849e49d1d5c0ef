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

    private static uint Own(string file, string field) => uint.Parse(
        File.ReadLines(file).First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
}

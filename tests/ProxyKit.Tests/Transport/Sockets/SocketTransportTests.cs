using System.Net;
using System.Net.Sockets;
using ProxyKit.Testing;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tests.Transport.Sockets;

public sealed class SocketTransportTests : IDisposable
{
    private readonly SocketTransport _transport = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-sockets-").FullName;

    private static bool HasIpv6
    {
        get
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ipv4_listener_takes_ipv4_connections()
    {
        using var pair = await SocketPair.MakeAsync(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(AddressFamily.InterNetwork, pair.Server.RemoteEndPoint!.AddressFamily);
        await AssertCarriesAsync(pair);
    }

    [Fact]
    public async Task Ipv6_listener_takes_ipv6_connections_or_the_machine_has_none_and_says_so()
    {
        var loopback = new IPEndPoint(IPAddress.IPv6Loopback, 0);
        if (!HasIpv6)
        {
            Assert.Throws<IOException>(() => Listen(loopback));
            return;
        }

        using var pair = await SocketPair.MakeAsync(loopback);
        Assert.Equal(AddressFamily.InterNetworkV6, pair.Server.RemoteEndPoint!.AddressFamily);
        await AssertCarriesAsync(pair);
    }

    [Fact]
    public async Task First_packet_is_read_once_where_it_is_kept()
    {
        using var listener = _transport.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), SavedPacket = SavedPacket.FromIP });
        using var client = (await _transport.ConnectAsync(new ConnectOptions { EndPoint = listener.LocalEndPoint! }, CancellationToken.None)).Connection!;
        using var server = (await listener.AcceptAsync())!.Value.Connection!; // it has connected

        var packet = new byte[256];
        var length = server.TakeSavedPacket(packet);

        Assert.Equal((4, 6), (packet[0] >> 4, packet[9])); // IPv4, TCP
        Assert.Equal(2, packet[((packet[0] & 15) * 4) + 13]); // SYN
        Assert.InRange(length, 40, 120);
        Assert.Equal(0, server.TakeSavedPacket(packet));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ipv6_wildcard_takes_ipv4_connections_exactly_when_dual_stack(bool dualStack)
    {
        var any = new ListenOptions { EndPoint = new IPEndPoint(IPAddress.IPv6Any, 0), DualStack = dualStack };
        if (!HasIpv6)
        {
            Assert.Throws<IOException>(() => _transport.Listen(any));
            return;
        }

        using var listener = _transport.Listen(any);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var result = await _transport.ConnectAsync(
            new ConnectOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port) }, CancellationToken.None);

        Assert.Equal(dualStack ? TransportError.None : TransportError.Refused, result.Error);
        result.Connection?.Dispose();
    }

    [Fact]
    public async Task Name_is_resolved()
    {
        using var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        using var pair = await SocketPair.MakeAsync(listener, new ConnectOptions { EndPoint = new DnsEndPoint("localhost", port) });

        await AssertCarriesAsync(pair);
    }

    [Fact]
    public async Task Name_that_does_not_exist_is_a_result()
    {
        var result = await _transport.ConnectAsync(
            new ConnectOptions { EndPoint = new DnsEndPoint("no-such-host.invalid", 80) }, CancellationToken.None);

        Assert.Equal(TransportError.NameNotResolved, result.Error);
    }

    [Fact]
    public async Task Port_nobody_listens_on_refuses()
    {
        EndPoint endPoint;
        using (var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            endPoint = listener.LocalEndPoint!;
        }

        Assert.Equal(ConnectResult.Failed(TransportError.Refused), await _transport.ConnectAsync(new ConnectOptions { EndPoint = endPoint }, CancellationToken.None));
    }

    [Fact]
    public void Port_that_is_taken_is_an_error_that_names_the_address()
    {
        using var first = Listen(new IPEndPoint(IPAddress.Loopback, 0));

        var error = Assert.Throws<IOException>(() => Listen(first.LocalEndPoint!));

        Assert.Equal($"cannot listen on {first.LocalEndPoint}: the address is already in use", error.Message);
    }

    [Fact]
    public void Address_of_another_machine_is_an_error_that_says_so()
    {
        var error = Assert.Throws<IOException>(() => Listen(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));

        Assert.Equal("cannot listen on 192.0.2.1:0: the address does not belong to this machine", error.Message);
    }

    [Fact]
    public async Task Connection_comes_from_the_source_address()
    {
        using var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));

        using var pair = await SocketPair.MakeAsync(
            listener, new ConnectOptions { EndPoint = listener.LocalEndPoint!, Source = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0) });

        Assert.Equal(IPAddress.Parse("127.0.0.9"), ((IPEndPoint)pair.Server.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Source_address_of_another_machine_is_a_result()
    {
        var result = await _transport.ConnectAsync(
            new ConnectOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 9), Source = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0) },
            CancellationToken.None);

        Assert.Equal(TransportError.ResourceExhausted, result.Error);
    }

    [Fact]
    public async Task Source_address_of_the_other_family_is_a_result()
    {
        var result = await _transport.ConnectAsync(
            new ConnectOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 9), Source = new IPEndPoint(IPAddress.IPv6Loopback, 0) },
            CancellationToken.None);

        Assert.NotEqual(TransportError.None, result.Error);
    }

    [Fact]
    public async Task Given_up_connect_is_aborted()
    {
        using var full = new FullBacklog(new IPEndPoint(IPAddress.Loopback, 0));
        using var cancelled = new CancellationTokenSource();
        var connecting = _transport.ConnectAsync(new ConnectOptions { EndPoint = full.EndPoint }, cancelled.Token).InTimeAsync();
        Assert.False(connecting.IsCompleted);

        await cancelled.CancelAsync();

        Assert.Equal(TransportError.Aborted, (await connecting).Error);
    }

    [Fact]
    public async Task Closing_a_listener_ends_its_accept()
    {
        var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = listener.AcceptAsync().InTimeAsync();

        listener.Dispose();
        listener.Dispose();

        Assert.Null(await accepting);
        Assert.Null(await listener.AcceptAsync());
        Assert.Null(listener.LocalEndPoint);
    }

    [Fact]
    public async Task Unix_socket_carries_and_its_file_goes_with_the_listener()
    {
        var path = Path.Combine(_folder, "a.sock");
        using (var listener = Listen(new UnixDomainSocketEndPoint(path)))
        {
            using var pair = await SocketPair.MakeAsync(listener, new ConnectOptions { EndPoint = new UnixDomainSocketEndPoint(path) });
            await AssertCarriesAsync(pair);
            Assert.True(File.Exists(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Unix_socket_that_is_not_there_refuses()
    {
        var result = await _transport.ConnectAsync(
            new ConnectOptions { EndPoint = new UnixDomainSocketEndPoint(Path.Combine(_folder, "none.sock")) }, CancellationToken.None);

        Assert.Equal(TransportError.Refused, result.Error);
    }

    [Fact]
    public async Task Unix_socket_left_by_a_dead_process_is_taken_over()
    {
        var path = Path.Combine(_folder, "stale.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path + ".other"));
            File.Move(path + ".other", path); // closing it would delete the file, as a process that dies does not
        }

        Assert.True(File.Exists(path));

        using var listener = Listen(new UnixDomainSocketEndPoint(path));
        using var pair = await SocketPair.MakeAsync(listener, new ConnectOptions { EndPoint = new UnixDomainSocketEndPoint(path) });

        await AssertCarriesAsync(pair);
    }

    [Fact]
    public async Task Unix_socket_that_somebody_listens_on_is_not_taken_over()
    {
        var endPoint = new UnixDomainSocketEndPoint(Path.Combine(_folder, "live.sock"));
        using var first = Listen(endPoint);

        var error = Assert.Throws<IOException>(() => Listen(endPoint));

        Assert.Contains("the address is already in use", error.Message, StringComparison.Ordinal);
        (await first.AcceptAsync().InTimeAsync())?.Connection?.Dispose(); // the second one asked whether anybody is there
        using var pair = await SocketPair.MakeAsync(first, new ConnectOptions { EndPoint = endPoint });
        await AssertCarriesAsync(pair);
    }

    [Fact]
    public void File_that_is_no_socket_is_not_deleted()
    {
        var path = Path.Combine(_folder, "notes.txt");
        File.WriteAllText(path, "keep me");

        Assert.Throws<IOException>(() => Listen(new UnixDomainSocketEndPoint(path)));

        Assert.Equal("keep me", File.ReadAllText(path));
    }

    [Fact]
    public async Task Unix_socket_whose_listener_is_too_busy_to_answer_is_left_alone()
    {
        var endPoint = new UnixDomainSocketEndPoint(Path.Combine(_folder, "busy.sock"));
        using var full = new FullBacklog(endPoint);

        var listening = Task.Run(() => Assert.Throws<IOException>(() => Listen(endPoint)), TestContext.Current.CancellationToken);

        Assert.Contains("the address is already in use", (await listening.InTimeAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inherited_descriptor_is_taken_over()
    {
        var parent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        parent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        parent.Listen();
        var endPoint = parent.LocalEndPoint!;
        var descriptor = (int)parent.SafeHandle.DangerousGetHandle();
        parent.SafeHandle.SetHandleAsInvalid(); // from here on it is the listener's

        using (var listener = _transport.Listen(new ListenOptions { InheritedDescriptor = descriptor }))
        {
            Assert.Equal(endPoint, listener.LocalEndPoint);
            using var pair = await SocketPair.MakeAsync(listener, new ConnectOptions { EndPoint = endPoint });
            await AssertCarriesAsync(pair);
        }

        Assert.Equal(TransportError.Refused, (await _transport.ConnectAsync(new ConnectOptions { EndPoint = endPoint }, CancellationToken.None)).Error);
    }

    [Fact]
    public void Inherited_descriptor_that_does_not_listen_is_an_error_and_stays_open()
    {
        using var file = File.OpenHandle(Path.Combine(_folder, "file"), FileMode.Create, FileAccess.ReadWrite);
        using var idle = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        foreach (var descriptor in new[] { (int)file.DangerousGetHandle(), (int)idle.SafeHandle.DangerousGetHandle() })
        {
            var error = Assert.Throws<IOException>(() => _transport.Listen(new ListenOptions { InheritedDescriptor = descriptor }));

            Assert.StartsWith($"cannot take over descriptor {descriptor}: ", error.Message, StringComparison.Ordinal);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        RandomAccess.Write(file, "still ours"u8, 0);
        idle.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    private ITransportListener Listen(EndPoint endPoint) => _transport.Listen(new ListenOptions { EndPoint = endPoint });

    private static async Task AssertCarriesAsync(SocketPair pair)
    {
        await pair.Client.SendTextAsync("there");
        Assert.Equal("there", await pair.Server.ReadTextAsync(5));
        await pair.Server.SendTextAsync("and back");
        Assert.Equal("and back", await pair.Client.ReadTextAsync(8));
    }
}
